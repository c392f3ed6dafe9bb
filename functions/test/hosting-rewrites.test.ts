import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUTH_PATHS } from '../src/auth/routes';
import { BACKEND_PATHS } from '../src/backend/routes';
import { auth, backend, gateway, payments, sessions } from '../src/functions';
import { GATEWAY_PATHS } from '../src/gateway/routes';
import { PAYMENT_PATHS } from '../src/payments/routes';
import { SESSION_PATHS } from '../src/sessions/routes';

interface Rewrite {
  readonly source: string;
  readonly function: { readonly functionId: string; readonly region: string };
}

const { hosting } = JSON.parse(readFileSync(join(__dirname, '../../firebase.json'), 'utf8')) as {
  readonly hosting: { readonly rewrites: readonly Rewrite[] };
};

it('has a Hosting rewrite in firebase.json for each route, and no other', () => {
  const rewritesTo = (functionId: string, { __endpoint }: typeof auth, paths: readonly string[]) =>
    paths.map((source) => ({
      source,
      function: { functionId, region: String(__endpoint.region) },
    }));

  expect(hosting.rewrites).toEqual([
    ...rewritesTo('auth', auth, AUTH_PATHS),
    ...rewritesTo('gateway', gateway, GATEWAY_PATHS),
    ...rewritesTo('sessions', sessions, SESSION_PATHS),
    ...rewritesTo('backend', backend, BACKEND_PATHS),
    ...rewritesTo('payments', payments, PAYMENT_PATHS),
  ]);
});

it('has a path rule of the load balancer in docs/limits.md for each route of auth', () => {
  const page = readFileSync(join(__dirname, '../../docs/limits.md'), 'utf8');
  const [, rules = ''] = /--backend-service-path-rules '([^']*)'/.exec(page) ?? [];

  expect(rules.split(',')).toEqual(AUTH_PATHS.map((route) => `${route}=auth`));
});
