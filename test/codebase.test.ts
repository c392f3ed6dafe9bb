import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PROJECT_ROOT, readFirebaseJson } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from './project-tree';

interface Endpoint {
  readonly id: string;
  readonly region: string;
  readonly project: string;
  readonly codebase?: string;
}
type Backend = Readonly<Record<string, unknown>>;
/** What `firebase deploy` uses to choose the functions of a deployment. */
interface FirebaseDeploy {
  readonly getEndpointFilters: (options: { only: string }, config: unknown) => unknown;
  readonly targetCodebases: (config: unknown, filters: unknown) => string[];
  readonly endpointMatchesAnyFilter: (endpoint: Endpoint, filters: unknown) => boolean;
  readonly groupEndpointsByCodebase: (
    want: Readonly<Record<string, Backend>>,
    have: readonly Endpoint[],
  ) => Readonly<Record<string, Backend>>;
}
interface FirebaseBackend {
  readonly of: (...endpoints: Endpoint[]) => Backend;
  readonly allEndpoints: (backend: Backend | undefined) => Endpoint[];
}
const tools = createRequire(path.join(PROJECT_ROOT, 'package.json'));
const deploy = tools(
  'firebase-tools/lib/deploy/functions/functionsDeployHelper.js',
) as FirebaseDeploy;
const backend = tools('firebase-tools/lib/deploy/functions/backend.js') as FirebaseBackend;

const { functions } = readFirebaseJson();
const OURS = [
  ...['auth', 'backend', 'gateway', 'payments', 'paymentsDaily', 'reconcilePayments'],
  ...['reconcilePremium', 'sessions'],
];

const endpoint = (id: string, codebase?: string): Endpoint => ({
  id,
  region: 'asia-southeast1',
  project: 'tiki-shop',
  ...(codebase && { codebase }),
});

/** The functions of ours that a deployment with this `--only` reaches. */
function reachedBy(only: string): string[] {
  const filters = deploy.getEndpointFilters({ only }, functions);
  return deploy
    .targetCodebases(functions, filters)
    .flatMap((codebase) => OURS.map((id) => endpoint(id, codebase)))
    .filter((each) => deploy.endpointMatchesAnyFilter(each, filters))
    .map(({ id }) => id);
}

/** The targets after `--only` in commands of the docs and the code, such as `functions:x:auth,hosting`. */
const printed = PROJECT_FILES.filter((file) => /\.(md|ts|mjs|sh|yml)$/.test(file)).flatMap((file) =>
  [...readFileSync(path.join(PROJECT_ROOT, file), 'utf8').matchAll(/deploy --only ([\w:,-]+)/g)]
    .map(([, only = '']) => only)
    .filter((only) => only.includes('functions'))
    .map((only) => [file, only] as const),
);

it('every printed command reaches a function of firebase.json', () => {
  expect(printed.length).toBeGreaterThan(10);
  expect(printed.filter(([, only]) => reachedBy(only).length === 0)).toEqual([]);
});

it('takes over functions deployed without a codebase, and no others', () => {
  const have = [
    ...OURS.map((id) => endpoint(id, 'default')),
    endpoint('theirs', 'default'),
    endpoint('shop', 'shop'),
  ];
  const want = { 'tiki-bridge': backend.of(...OURS.map((id) => endpoint(id, 'tiki-bridge'))) };

  const existing = deploy.groupEndpointsByCodebase(want, have)['tiki-bridge'];

  expect(
    backend
      .allEndpoints(existing)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...OURS].sort());
});
