import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUTH_PATHS } from '../src/auth/routes';
import { auth, gateway } from '../src/functions';
import { GATEWAY_PATHS } from '../src/gateway/routes';

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
  ]);
});
