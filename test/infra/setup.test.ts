import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from '../project-tree';
import { ACCESS } from './access';
import { AUDIT_LOG } from './audit-log';

const EVERYTHING = [
  '--with',
  'sessions,backend,payments,push,shared-rate-limit,app-check,realtime-database,traces,github',
  ...['--github', '4711', '--email', 'ops@shop.example', '--budget', '20'],
];
const PUSH_SERVICES = 'pushnotification\npushpremium\n';
/** The files of the fake that say what was asked, not what there is. */
const RECORDS = new Set(['log', 'changes', 'apis-enabled', 'notified', 'policy']);

/** The options of each `infra/setup.sh …` in blocks of code. */
const DOCUMENTED = [
  ...new Set(
    PROJECT_FILES.filter((file) => /^docs\/.*\.md$/.test(file)).flatMap((page) =>
      [
        ...readFileSync(path.join(PROJECT_ROOT, page), 'utf8').matchAll(
          /^ *infra\/setup\.sh (.*?)(?: +#.*)?$/gm,
        ),
      ].map(([, options = '']) => options.replace(' --apply', '')),
    ),
  ),
];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** What infra/monitoring describes: few, so that the test is quick. */
const MONITORING: Readonly<Record<string, object>> = {
  'metrics/logins.json': { name: 'logins', filter: 'x' },
  'services/bridge.json': { displayName: 'Bridge', custom: {} },
  'slos/login-success.json': { displayName: '99.9 %', goal: 0.999 },
  'alerts/burn.json': {
    displayName: 'Tiki bridge: burn',
    // In Google's format one line may name the project more than once.
    conditions: [{ filter: 'projects/PROJECT_ID/services/bridge projects/PROJECT_ID' }],
    services: ['SERVICE_PREFIXauth', 'SERVICE_PREFIXgateway'],
  },
  'dashboards/bridge.json': { displayName: 'Tiki bridge', filter: 'projects/PROJECT_ID/x' },
};

/** A copy of what the script reads. */
function copyCheckout(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'setup-'));
  folders.push(folder);
  for (const file of [
    'setup.sh',
    'monitoring.sh',
    'audit-log.sh',
    'github.sh',
    'needs.mjs',
    'access.json',
    'image-cleanup.json',
  ])
    cpSync(path.join(PROJECT_ROOT, 'infra', file), path.join(folder, 'infra', file));
  cpSync(
    path.join(PROJECT_ROOT, 'firestore.indexes.json'),
    path.join(folder, 'firestore.indexes.json'),
  );
  for (const [file, content] of Object.entries(MONITORING)) {
    const full = path.join(folder, 'infra/monitoring', file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, JSON.stringify(content, undefined, 1));
  }
  return folder;
}
const checkout = copyCheckout();

/** A project of Google's, played by fake-gcloud.sh. */
function createProject() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'setup-'));
  folders.push(folder);
  const [bin, state] = [path.join(folder, 'bin'), path.join(folder, 'state')];
  mkdirSync(bin);
  mkdirSync(state);
  for (const command of ['gcloud', 'npx', 'curl'])
    symlinkSync(path.join(__dirname, 'fake-gcloud.sh'), path.join(bin, command));
  const lines = (name: string): string[] => {
    const file = path.join(state, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').sort() : [];
  };
  return {
    lines,
    write: (name: string, text: string) => {
      appendFileSync(path.join(state, name), text);
    },
    forgetRecords: () => {
      for (const name of RECORDS) rmSync(path.join(state, name), { force: true });
    },
    /** All that there is. */
    content: () =>
      Object.fromEntries(
        readdirSync(state)
          .filter((name) => !RECORDS.has(name))
          .sort()
          .map((name) => [name, lines(name)]),
      ),
    setUp: (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
      const run = spawnSync(path.join(checkout, 'infra/setup.sh'), ['--project', 'shop', ...args], {
        cwd: checkout,
        encoding: 'utf8',
        env: {
          PATH: [bin, process.env['PATH']].join(path.delimiter),
          FAKE_PROJECT: state,
          SETUP_RETRY_SECONDS: '0',
          ...env,
        },
      });
      return { code: run.status, signal: run.signal, out: run.stdout, errors: run.stderr };
    },
  };
}

const email = (account: string) => `${account}@shop.iam.gserviceaccount.com`;
const BUILDER = 'serviceAccount:123456-compute@developer.gserviceaccount.com';
const roleName = (role: string) => (role.includes('/') ? role : `projects/shop/roles/${role}`);

/** What the table says about all functions: for each place the roles there, as the fake writes them. */
function expectedGrants(): Record<string, string[]> {
  const grants: Record<string, string[]> = {};
  const add = (place: string, role: string, account: string) => {
    (grants[place] ??= []).push(`${roleName(role)} serviceAccount:${email(account)}`);
  };
  for (const { function: name, role, on } of ACCESS.grants) {
    const account = ACCESS.functions[name]?.account ?? '';
    if (on === 'the private service') continue;
    if (on === 'its service') add(`iam.run.${name.toLowerCase()}`, role, account);
    else if (on === 'itself') add(`iam.${email(account)}`, role, account);
    else add(`iam.${on}`, role, account);
  }
  (grants['iam.project'] ??= []).push(`${ACCESS.builder.role} ${BUILDER}`);
  const { account: deployer, roles } = ACCESS.deployer;
  for (const { role, on } of roles) {
    if (on === 'project') add('iam.project', role, deployer);
    else
      for (const { account } of Object.values(ACCESS.functions))
        add(`iam.${email(account)}`, role, deployer);
  }
  return Object.fromEntries(
    Object.entries(grants).map(([place, lines]) => [place, lines.sort()] as const),
  );
}

const WORKLOAD_IDENTITY =
  'roles/iam.workloadIdentityUser principalSet://iam.googleapis.com/projects/123456/locations/global/' +
  'workloadIdentityPools/tiki-bridge/attribute.repository_id/4711';
const ACCEPTED =
  'https://token.actions.githubusercontent.com ' +
  "assertion.repository_id == '4711' && assertion.environment == 'production' && assertion.ref == 'refs/heads/main'";

it('setup.sh takes every folder of infra/monitoring', () => {
  const known = Object.keys(MONITORING).map((file) => file.split('/')[0]);
  const there = PROJECT_FILES.flatMap(
    (file) => /^infra\/monitoring\/(\w+)\/.*\.json$/.exec(file)?.[1] ?? [],
  );

  expect(there.filter((folder) => !known.includes(folder))).toEqual([]);
});

describe('infra/setup.sh', () => {
  const project = createProject();
  project.write('services', PUSH_SERVICES);

  it('only prints what it would do without --apply', () => {
    const { code, out } = project.setUp([]);

    expect(code).toBe(0);
    expect(project.lines('changes')).toEqual([]);
    expect(out).toContain('  gcloud iam service-accounts create tiki-auth ');
    expect(out).toContain('  gcloud firestore databases create --location=asia-southeast1 ');
    expect(out).toContain('Nothing was changed: run it again with --apply.');
    expect(out).not.toContain('sessions');
  });

  it('creates exactly what the table says', () => {
    const { code, out } = project.setUp(['--apply', ...EVERYTHING]);
    const content = project.content();
    const policies = Object.entries(content).filter(([name]) => name.startsWith('iam.'));

    expect(code).toBe(0);
    expect(Object.fromEntries(policies)).toEqual({
      ...expectedGrants(),
      [`iam.${email('tiki-deployer')}`]: [WORKLOAD_IDENTITY],
    });
    expect(content).toMatchObject({
      apis: [
        ...ACCESS.apis.map(({ api }) => api),
        'billingbudgets.googleapis.com',
        'cloudbilling.googleapis.com',
      ].sort(),
      accounts: [...Object.values(ACCESS.functions), ACCESS.deployer]
        .map(({ account }) => email(account))
        .sort(),
      secrets: ['SESSION_KEYS', 'TIKI_CLIENT_SECRET'],
      'versions.SESSION_KEYS': ['1'],
      databases: ['(default)'],
      sites: ['shop'],
      'image-policies': ['keep-for-rollback'],
      channels: ['ops@shop.example projects/shop/notificationChannels/7'],
      budgets: ['Tiki bridge, shop'],
      metrics: ['logins'],
      'slo-services': ['bridge'],
      slos: ['login-success'],
      policies: ['Tiki bridge: burn'],
      dashboards: ['Tiki bridge'],
      'log-buckets': [AUDIT_LOG.bucket],
      retention: ['400'],
      sinks: [AUDIT_LOG.bucket],
      'sink-filter': [AUDIT_LOG.filter],
      accepted: [ACCEPTED],
    });
    expect(content['ttls']).toContain(
      'projects/shop/databases/(default)/collectionGroups/handOvers/fields/expiresAt',
    );
    expect(project.lines('notified')).toEqual(['projects/shop/notificationChannels/7']);
    // Tiki's secret is nobody's to make up; a random key is neither printed nor an argument.
    expect(content).not.toHaveProperty('versions.TIKI_CLIENT_SECRET');
    expect(out).toContain(
      'npx firebase-tools functions:secrets:set TIKI_CLIENT_SECRET --project shop',
    );
    expect(out + project.lines('log').join('\n')).not.toMatch(/[\w+/]{43}=/);
  });

  it('changes nothing the second time', () => {
    const before = project.content();
    project.forgetRecords();
    const { code, out } = project.setUp(['--apply', ...EVERYTHING]);

    expect({ code, changes: project.lines('changes') }).toEqual({ code: 0, changes: [] });
    expect(out).toContain('Nothing to change.');
    expect(project.content()).toEqual(before);
  });

  it('ends the same when it is interrupted again and again', () => {
    const torn = createProject();
    torn.write('services', PUSH_SERVICES);
    let interruptions = 0;
    for (; interruptions < 100; interruptions += 1) {
      const { signal } = torn.setUp(['--apply', ...EVERYTHING], { FAKE_DIE: '8' });
      if (signal === null) break;
      torn.forgetRecords();
    }

    expect(interruptions).toBeGreaterThan(6);
    expect(torn.content()).toEqual(project.content());
  });

  it('goes on where Google does not know a new metric yet, and says so', () => {
    const young = createProject();
    const { code, out } = young.setUp(['--apply'], { FAKE_NEW_METRICS: '1' });

    expect(code).toBe(1);
    expect(out).toContain(
      'again, in ten minutes: Google refused infra/monitoring/alerts/burn.json',
    );
    expect(young.lines('dashboards')).toEqual(['Tiki bridge']);
    expect(young.setUp(['--apply']).code).toBe(0);
    expect(young.lines('policies')).toEqual(['Tiki bridge: burn']);
  });

  it('stops before any change if gcloud has no commands for alerts', () => {
    const old = createProject();
    const { code, errors } = old.setUp(['--apply'], { FAKE_OLD_GCLOUD: '1' });

    expect({ code, changes: old.lines('changes') }).toEqual({ code: 2, changes: [] });
    expect(errors).toMatch(/^gcloud 549 or newer .*: gcloud components update$/m);
  });

  it('says that nobody is told without --email, and tells somebody once it is named', () => {
    const unheard = createProject();
    const nobody = /setup\.sh again, with --email <address>: nobody is told of alerts/;

    expect(unheard.setUp([]).out).toMatch(nobody);
    expect(unheard.setUp(['--apply']).out).toMatch(nobody);
    expect(unheard.setUp(['--apply']).out).toMatch(nobody);
    expect(unheard.lines('notified')).toEqual(['']);

    const { code, out } = unheard.setUp(['--apply', '--email', 'ops@shop.example']);

    expect({ code, toldOfNobody: nobody.test(out) }).toEqual({ code: 0, toldOfNobody: false });
    expect(unheard.lines('notified')).toEqual(['projects/shop/notificationChannels/7']);
    expect(unheard.setUp(['--apply']).out).toContain('Nothing to change.');
    expect(unheard.setUp(['--apply']).out).not.toMatch(nobody);
  });

  it('calls itself as it was called', () => {
    const { out } = createProject().setUp(['--help']);

    expect(out).toContain(`Usage: ${checkout}/infra/setup.sh --project`);
    expect(out).not.toContain('bootstrap');
  });

  it('leaves what is there in an existing project, and says what has to wait', () => {
    const theirs = createProject();
    theirs.write('iam.project', `roles/owner user:owner@shop.example\nroles/editor ${BUILDER}\n`);
    theirs.write('databases', '(default)\n');
    theirs.write('sites', 'the-shop\n');
    theirs.write('registries', 'gcf-artifacts\n');
    theirs.write('image-policies', 'firebase-functions-cleanup\n');
    const { code, out } = theirs.setUp(['--apply', '--with', 'push']);

    expect(code).toBe(0);
    expect(theirs.lines('iam.project')).toContain('roles/owner user:owner@shop.example');
    expect(theirs.lines('iam.project').join()).not.toContain(ACCESS.builder.role);
    expect(theirs.lines('databases')).toEqual(['(default)']);
    expect(theirs.lines('sites')).toEqual(['the-shop']);
    expect(theirs.lines('image-policies')).toEqual(['firebase-functions-cleanup']);
    expect(out).toContain(
      'gcf-artifacts deletes images by the policies firebase-functions-cleanup',
    );
    expect(out).toContain('infra/setup.sh again, after the first deployment');
  });

  it('gives nobody a role that is something else in an existing project', () => {
    const theirs = createProject();
    theirs.write('apis', 'iam.googleapis.com\n');
    theirs.write('roles', 'projects/shop/roles/rateLimitWriter\n');
    theirs.write('permissions.rateLimitWriter', 'datastore.entities.delete\n');
    const { code, out } = theirs.setUp(['--apply', '--with', 'shared-rate-limit']);

    expect(code).toBe(0);
    expect(out).toMatch(
      /Left for you:\n(.*\n)* *the role rateLimitWriter has other permissions \(datastore\.entities\.delete\)/,
    );
    expect(out).toContain(
      'gcloud iam roles update rateLimitWriter --project=shop ' +
        '--permissions=datastore.entities.create\\,datastore.entities.update',
    );
    expect(theirs.lines('iam.project').filter((line) => line.includes('rateLimitWriter'))).toEqual(
      [],
    );
  });

  const POOL = 'projects/123456/locations/global/workloadIdentityPools/tiki-bridge';
  it.each([
    [
      'whose provider accepts other tokens',
      `${POOL}/providers/github\n`,
      "assertion.repository == 'shop/bridge'",
      "the provider github accepts other tokens (assertion.repository == 'shop/bridge')",
    ],
    [
      'that has another provider',
      `${POOL}/providers/github\n${POOL}/providers/theirs\n`,
      ACCEPTED,
      `the pool tiki-bridge has other providers (${POOL}/providers/theirs)`,
    ],
  ])('lets nobody deploy through a pool %s', (_, providers, accepted, message) => {
    const theirs = createProject();
    theirs.write('apis', 'iam.googleapis.com\n');
    theirs.write('pools', `${POOL}\n`);
    theirs.write('providers', providers);
    theirs.write('accepted', `${accepted}\n`);
    const { code, out } = theirs.setUp(['--apply', '--with', 'github', '--github', '4711']);

    expect(code).toBe(0);
    expect(out.split('Left for you:')[1]).toContain(message);
    expect(theirs.lines(`iam.${email('tiki-deployer')}`)).toEqual([]);
    expect(theirs.lines('accepted')).toEqual([accepted]);
  });

  it('creates no account for a function that is not deployed', () => {
    const login = createProject();
    const { out } = login.setUp(['--apply', '--no-premium']);

    expect(login.lines('accounts')).toEqual(['tiki-auth', 'tiki-gateway'].map(email));
    expect(out).not.toContain('roles/firebaseauth.admin');
  });

  it('names the functions of a group, and functions and secrets of a kit', () => {
    const group = createProject();
    group.write('services', 'tikibridge-pushnotification\n');
    group.setUp(['--apply', '--with', 'push', '--prefix', 'tikiBridge-']);
    const kit = createProject();
    kit.setUp(['--apply', '--prefix', 'kit-shop-']);

    expect(group.lines('iam.run.tikibridge-pushnotification')).toHaveLength(1);
    expect(group.lines('secrets')).toEqual(['TIKI_CLIENT_SECRET']);
    expect(group.lines('policy').join()).toMatch(/"tikibridge-auth".*"tikibridge-gateway"/);
    expect(kit.lines('secrets')).toEqual(['kit-shop-TIKI_CLIENT_SECRET']);
    expect(kit.lines('iam.kit-shop-TIKI_CLIENT_SECRET')).toHaveLength(1);
  });

  it.each(DOCUMENTED)('takes the options that the documents name: %s', (command) => {
    const args = command
      .replace('<repository id>', '4711')
      .replace(/<[^>]*@[^>]*>/, 'ops@shop.example')
      .replace('<amount>', '20')
      .split(' ')
      .filter((word) => !['--project', '<project>', '--apply', ''].includes(word));
    const { code, errors } = project.setUp(args);

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
  });

  it.each([
    [['--with', 'sesions'], /no feature sesions/],
    [['--budget', '20 USD'], /--budget/],
    [['--with', 'github'], /needs --github/],
    [['--github', "1' || true"], /--github/],
    [['--github', 'shop/bridge'], /--github/],
    [['--no-premium', '--with', 'payments'], /--no-premium/],
    [['--region', 'x; rm -rf /'], /--region/],
    [['--prefix', 'a b'], /--prefix/],
    [['--aply'], /unknown option --aply/],
    [['--with'], /its value is missing/],
  ])('refuses %j', (args, message) => {
    const { code, errors } = project.setUp(args);

    expect(code).toBe(2);
    expect(errors).toMatch(message);
  });
});

const shellcheck = spawnSync('shellcheck', ['--version']).error === undefined;
const named = shellcheck ? '' : ' (skipped: shellcheck is not installed)';

(shellcheck ? it : it.skip)(`the shell scripts pass shellcheck${named}`, () => {
  const scripts = [
    '.ci/run',
    ...['setup.sh', 'monitoring.sh', 'audit-log.sh', 'github.sh'].map((file) => `infra/${file}`),
    'test/infra/fake-gcloud.sh',
  ];
  const run = spawnSync('shellcheck', ['-x', ...scripts], { cwd: PROJECT_ROOT, encoding: 'utf8' });

  expect(run.stdout + run.stderr).toBe('');
  expect(run.status).toBe(0);
});

(shellcheck ? it : it.skip)(`shellcheck finds a mistake${named}`, () => {
  const run = spawnSync('shellcheck', ['-'], { input: '#!/bin/sh\necho $1\n', encoding: 'utf8' });

  expect(run.stdout).toContain('SC2086');
});
