import { readFileSync } from 'node:fs';
import path from 'node:path';

const PROJECT = 'tiki-shop';
process.env['GCLOUD_PROJECT'] = PROJECT;

interface Access {
  readonly functions: Readonly<Record<string, { account: string; feature: string }>>;
  readonly grants: readonly { function: string; role: string; on: string; why: string }[];
  readonly features: Readonly<Record<string, string>>;
}
const ACCESS = JSON.parse(
  readFileSync(path.join(__dirname, '../../infra/access.json'), 'utf8'),
) as Access;

/** As the Firebase CLI reads it. */
interface Endpoint {
  readonly serviceAccountEmail?: string;
  readonly secretEnvironmentVariables?: readonly { key: string }[];
  readonly eventTrigger?: object;
  readonly omit?: { toJSON(): string };
}

/** The deployed functions by name, in a project. */
async function endpoints(): Promise<[string, Endpoint][]> {
  const exported: Record<string, unknown> = await import('./index.js');
  return Object.entries(exported).flatMap(([name, one]): [string, Endpoint][] =>
    typeof one === 'function' && '__endpoint' in one ? [[name, one.__endpoint as Endpoint]] : [],
  );
}

const grantsOf = (name: string) => ACCESS.grants.filter((grant) => grant.function === name);
const rolesOn = (name: string, on: string) =>
  grantsOf(name)
    .filter((grant) => grant.on === on)
    .map(({ role }) => role);

it('infra/access.json has every function, and no other', async () => {
  const names = (await endpoints()).map(([name]) => name);

  expect(names.length).toBeGreaterThan(8);
  expect(Object.keys(ACCESS.functions).sort()).toEqual(names.sort());
  for (const { function: name } of ACCESS.grants) expect(names).toContain(name);
});

it('each function runs as its account of the table, and shares it with no other', async () => {
  const accounts = (await endpoints()).map(([name, { serviceAccountEmail }]) => [
    name,
    serviceAccountEmail,
  ]);

  expect(Object.fromEntries(accounts)).toEqual(
    Object.fromEntries(
      Object.entries(ACCESS.functions).map(([name, { account }]) => [
        name,
        `${account}@${PROJECT}.iam.gserviceaccount.com`,
      ]),
    ),
  );
  expect(new Set(accounts.map(([, email]) => email)).size).toBe(accounts.length);
});

it('each function may read exactly the secrets that it binds', async () => {
  for (const [name, { secretEnvironmentVariables = [] }] of await endpoints()) {
    const readable = grantsOf(name)
      .filter(({ role }) => role === 'roles/secretmanager.secretAccessor')
      .map(({ on }) => on);
    expect([name, readable.sort()]).toEqual([
      name,
      secretEnvironmentVariables.map(({ key }) => key).sort(),
    ]);
  }
});

it('exactly the functions with a trigger may be called by Eventarc', async () => {
  for (const [name, { eventTrigger }] of await endpoints()) {
    expect([name, rolesOn(name, 'its service')]).toEqual([
      name,
      eventTrigger ? ['roles/run.invoker'] : [],
    ]);
    expect(rolesOn(name, 'project').includes('roles/eventarc.eventReceiver')).toBe(
      eventTrigger !== undefined,
    );
  }
});

it('a function is optional in the table if it is in a deployment', async () => {
  for (const [name, { omit }] of await endpoints()) {
    const feature = ACCESS.functions[name]?.feature ?? '';
    const parameter = omit && /params\.([A-Z_]+)/.exec(JSON.stringify(omit))?.[1];
    const condition = parameter ?? 'always';
    expect([name, ACCESS.features[feature]]).toEqual([name, expect.stringContaining(condition)]);
  }
});

it('the wide roles are not given where a narrow one will do', () => {
  const roles = ACCESS.grants.map(({ role }) => role);

  expect(roles.filter((role) => /owner|editor|\.admin$/.test(role))).toEqual(
    expect.not.arrayContaining(['roles/owner', 'roles/editor', 'roles/datastore.owner']),
  );
  for (const name of ['auth', 'gateway', 'backend', 'paymentsDaily'])
    expect(rolesOn(name, 'project').filter((role) => /user$|admin$/.test(role))).toEqual([]);
  expect(grantsOf('gateway')).toEqual([]);
});
