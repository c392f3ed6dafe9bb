import { AS_HERE, asCodebase } from '../../../../functions/src/operator';
import { healthyWorld } from '../doctor/fakes/clinic';
import { PROJECT, REGION } from '../doctor/fakes/google';
import { UsageError } from '../usage-error';
import type { Deployment, Rollback } from './command';
import { deploy } from './deploy';
import { type Behaviour, startDeployedProject } from './fakes/deployed-project';
import { rollBack } from './rollback';
import type { DeployWorld } from './world';

const SUBJECT = {
  projectId: PROJECT,
  alias: undefined,
  region: REGION,
  domain: `https://${PROJECT}.web.app`,
  validationCode: undefined,
  deployed: AS_HERE,
};
const DEPLOYMENT: Deployment = {
  subject: SUBJECT,
  parts: ['functions', 'hosting', 'firestore'],
  test: false,
  yes: true,
};
const ROLLBACK: Rollback = {
  subject: SUBJECT,
  before: undefined,
  parts: ['functions', 'hosting'],
  site: PROJECT,
  codebase: 'tiki-bridge',
  yes: true,
};
const HOUR = 3_600_000;

let project: Awaited<ReturnType<typeof startDeployedProject>>;
let said: string[];
let ran: string[];
beforeEach(async () => {
  project = await startDeployedProject();
  said = [];
  ran = [];
});
afterEach(() => project.close());

/** @param behaviour Of the code that is deployed. */
function worldOf(
  behaviour: Behaviour,
  changes: Partial<DeployWorld> & { readonly fails?: string } = {},
): DeployWorld {
  return {
    ...healthyWorld({
      'firebase.json': JSON.stringify({ hosting: {}, firestore: {}, storage: {}, database: {} }),
      [`functions/.env.${PROJECT}`]: 'TIKI_CLIENT_KEY=k\nPAYMENT_PLANS=p.json\n',
    }),
    fetch: project.fetch,
    run: (command) => {
      const line = command.join(' ');
      ran.push(line);
      if (changes.fails !== undefined && line.includes(changes.fails)) return Promise.resolve(1);
      if (line.includes('--only functions:'))
        project.deployFunctions(['auth', 'gateway'], behaviour);
      if (line.includes('--only hosting ')) project.deployHosting();
      project.now += 60_000;
      return Promise.resolve(0);
    },
    wait: () => Promise.resolve(),
    say: (line) => void said.push(...line.split('\n')),
    ask: undefined,
    ...changes,
  };
}

const deployWith = (behaviour: Behaviour, changes = {}, deployment: Partial<Deployment> = {}) => {
  project.now += 24 * HOUR;
  return deploy(worldOf(behaviour, changes), { ...DEPLOYMENT, ...deployment });
};
const rollBackWith = (rollback: Partial<Rollback> = {}, changes = {}) => {
  project.now += HOUR;
  return rollBack(worldOf('internal', changes), { ...ROLLBACK, ...rollback });
};

const only = () =>
  ran.flatMap(
    (line) =>
      /^npx firebase(?:-tools)? deploy --only (\S+) --project tiki-shop/.exec(line)?.[1] ?? [],
  );

describe('deploy', () => {
  it('deploys in an order that breaks no client, proves it, and says what Tini Console needs', async () => {
    expect(await deployWith('invalid-code')).toBe(0);

    expect(only()).toEqual([
      'firestore:indexes',
      'functions:tiki-bridge',
      'hosting',
      'firestore:rules',
    ]);
    expect(ran[0]).toBe('npm --prefix functions run build');
    expect(said).toContain(
      'Deployed. A login with a made-up code was refused by Tiki: the chain works.',
    );
    expect(said.join('\n')).toContain(
      'payment notifications (IPN) https://tiki-shop.web.app/tiki_ipn',
    );
  });

  it('releases no function before Firestore has built the indexes that its queries need', async () => {
    project.building = 3;
    let waits = 0;
    const wait = () => {
      waits += 1;
      expect(only()).toEqual(['firestore:indexes']);
      return Promise.resolve();
    };

    expect(await deployWith('invalid-code', { wait })).toBe(0);
    expect(waits).toBe(3);
    expect(only()).toContain('functions:tiki-bridge');
  });

  it('does not wait for indexes forever, and says how to go on without them', async () => {
    project.building = 1_000;

    expect(await deployWith('invalid-code')).toBe(1);
    expect(only()).toEqual(['firestore:indexes']);
    expect(said.join('\n')).toMatch(
      /still building indexes after ten minutes.* without waiting: --only functions,hosting,storage,database\.\nStopped at the wait for indexes; deployed before: indexes\./,
    );

    const parts = ['functions', 'hosting', 'storage', 'database'] as const;
    expect(await deployWith('invalid-code', {}, { parts })).toBe(0);
  });

  it('deploys a codebase that has installed the package, below a path of its site', async () => {
    const deployed = { ...asCodebase('api', 'tikiBridge-'), installedIn: 'api' };
    const files: Readonly<Record<string, string>> = {
      'firebase.json': '{"functions":{},"hosting":{}}',
      [`functions/.env.${PROJECT}`]: 'TIKI_CLIENT_KEY=k\nPATH_PREFIX=/tiki\nPAYMENT_PLANS=p.json\n',
    };
    const { readFile } = healthyWorld();
    const world = { readFile: (file: string) => files[file] ?? readFile(file) };

    const subject = { ...SUBJECT, deployed };
    expect(await deployWith('invalid-code', world, { subject })).toBe(0);
    expect(ran).toEqual(
      // Nothing to build, and the project has no rules or indexes.
      ['functions:api', 'hosting'].map(
        (part) => `npx firebase-tools deploy --only ${part} --project tiki-shop --non-interactive`,
      ),
    );
    expect(project.calls.map((call) => call.path)).toContain('/tiki/auth_exchange');
    expect(said.join('\n')).toContain('https://tiki-shop.web.app/tiki/tiki_ipn');
    expect(said.join('\n')).toContain("baseUrl: 'https://tiki-shop.web.app/tiki'");
  });

  it.each([
    ['leads to the bridge', 'auth', ['functions:tiki-bridge', 'hosting:app']],
    // The others would be released with whatever is in their folders here.
    ['leads elsewhere', 'hello', ['functions:tiki-bridge']],
  ])('releases no site but the one that %s', async (_, functionId, parts) => {
    const rewrites = [{ source: '/auth_exchange', function: { functionId } }];
    const hosting = [
      { target: 'admin', public: 'admin' },
      { target: 'app', public: 'web', rewrites },
    ];
    const json = JSON.stringify({ hosting });
    const { readFile } = healthyWorld();
    const changes = {
      readFile: (file: string) => (file === 'firebase.json' ? json : readFile(file)),
    };
    project.deployHosting();

    expect(await deployWith('invalid-code', changes)).toBe(0);
    expect(only()).toEqual(parts);
    expect(said.join('\n')).toContain(
      functionId === 'auth'
        ? 'Deploying Hosting (app from web/) …'
        : 'Hosting is not released: no site of firebase.json leads to auth',
    );
  });

  it('knows no address to try without Hosting, and says so at once', async () => {
    const { readFile } = healthyWorld();
    const changes = {
      readFile: (file: string) => (file === 'firebase.json' ? '{}' : readFile(file)),
    };

    expect(await deployWith('invalid-code', changes)).toBe(0);
    expect(said.join('\n')).toContain('No login was tried, since firebase.json has no Hosting');
  });

  it('deploys only what is named, in the same order, after the tests if asked', async () => {
    project.deployHosting();
    const parts = ['database', 'functions', 'storage'] as const;

    expect(await deployWith('invalid-code', {}, { parts, test: true })).toBe(0);
    expect(only()).toEqual(['functions:tiki-bridge', 'storage,database']);
    expect(ran[1]).toBe('npm test');
  });

  it.each([
    [{ fails: 'run build' }, 'Nothing was deployed: npm --prefix functions run build failed.'],
    [{ fails: '--only hosting' }, 'Stopped at Hosting; deployed before: indexes, functions.'],
  ])('stops at the first failure: %j', async (changes, message) => {
    expect(await deployWith('invalid-code', changes)).toBe(1);
    expect(said.join('\n')).toContain(message);
    expect(only()).not.toContain('firestore:rules');
  });

  it('does not begin without the parameters of the last deployment', async () => {
    const { readFile } = healthyWorld();
    const without = (file: string) =>
      file === `functions/.env.${PROJECT}` ? undefined : readFile(file);

    expect(await deployWith('invalid-code', { readFile: without })).toBe(1);
    expect(ran).toEqual([]);
    expect(said.join('\n')).toContain('there is no functions/.env.tiki-shop');
  });

  it('does not begin on a machine that the doctor finds unfit, nor without credentials', async () => {
    expect(await deployWith('invalid-code', { nodeVersion: '18.0.0' })).toBe(1);
    const signIn = () => Promise.resolve({ kind: 'none' } as const);
    expect(await deployWith('invalid-code', { signIn })).toBe(1);

    expect(ran).toEqual([]);
    expect(said.join('\n')).toMatch(/✗ node: .*\n.*/);
    expect(said).toContain('gcloud auth application-default login');
  });

  it.each(['misconfigured', 'internal'] as const)(
    'is not content with a function that answers %s',
    async (behaviour) => {
      expect(await deployWith(behaviour)).toBe(1);
      expect(said.join('\n')).toContain(
        `Deployed, but not proven: the bridge answered ${behaviour}`,
      );
      expect(said).toContain('To go back: npm run bridge -- rollback --project tiki-shop');
    },
  );
});

describe('rollback', () => {
  it('goes back to the deployment before, and stays there when it is repeated', async () => {
    await deployWith('invalid-code');
    const good = project.serving();
    await deployWith('misconfigured');
    expect(project.serving()).not.toEqual(good);

    expect(await rollBackWith()).toBe(0);
    expect(project.serving()).toEqual(good);
    expect(said).toContain('  ✓ auth');
    // The Firebase CLI alone would deploy revisions without traffic.
    const next = '  npm run deploy -- --only functions --project tiki-shop';
    expect(said.at(-1)).toBe(next);
    said = [];
    const writes = project.calls.filter(({ method }) => method !== 'GET').length;

    expect(await rollBackWith()).toBe(0);
    expect(project.serving()).toEqual(good);
    expect(said).toContain('Nothing to change.');
    expect(said.at(-1)).toBe(next);
    // Only the login of the proof.
    expect(project.calls.filter(({ method }) => method !== 'GET')).toHaveLength(writes + 1);
  });

  it('is ended by the next deployment, which sends the traffic to its own revisions', async () => {
    await deployWith('invalid-code');
    await deployWith('misconfigured');
    await rollBackWith();

    expect(await deployWith('invalid-code')).toBe(0);
    expect(project.serving()).toMatchObject({ auth: 'auth-00003-abc', hosting: 'v4' });
    expect(said.join('\n')).toContain('auth was rolled back before');
  });

  it('goes back behind two bad deployments when a time is named', async () => {
    await deployWith('invalid-code');
    const good = project.serving();
    const before = project.now + HOUR;
    await deployWith('misconfigured');
    await deployWith('misconfigured');

    expect(await rollBackWith()).toBe(1);
    expect(await rollBackWith({ before })).toBe(0);
    expect(project.serving()).toEqual(good);
  });

  it('leaves functions alone that the last deployment did not touch', async () => {
    await deployWith('invalid-code');
    project.deployFunctions(['pushDaily'], 'internal');
    project.now += 24 * HOUR;
    project.deployFunctions(['auth'], 'misconfigured');

    expect(await rollBackWith()).toBe(0);
    expect(project.serving()).toEqual({
      auth: 'auth-00001-abc',
      gateway: 'gateway-00001-abc',
      pushDaily: 'pushdaily-00001-abc',
      hosting: 'v1',
    });
  });

  it('names the site, and says when the functions stay as they are', async () => {
    await deployWith('invalid-code');
    const good = project.serving();
    await deployWith('misconfigured');
    project.now += HOUR;
    project.deployHosting();

    expect(await rollBackWith()).toBe(1);
    expect(said.join('\n')).toMatch(/ {2}Hosting: tiki-shop +v3 → v2 /);
    const [, before = ''] =
      /functions stay as they are\..* --before (\S+)/.exec(said.join('\n')) ?? [];
    expect(await rollBackWith({ before: Date.parse(before) })).toBe(0);
    expect(project.serving()).toEqual(good);
  });

  it('never goes forward to a revision that somebody went back from', async () => {
    await deployWith('invalid-code');
    const good = project.serving();
    await deployWith('misconfigured');
    await rollBackWith();
    project.now += 24 * HOUR;
    project.deployHosting();

    expect(await rollBackWith()).toBe(0);
    expect(project.serving()).toEqual(good);
  });

  it('passes over a revision that never started, and keeps the tags of revisions', async () => {
    await deployWith('invalid-code');
    const good = project.serving();
    project.deployFunctions(['auth'], 'internal', false);
    project.tag('auth', 'auth-00001-abc');
    await deployWith('misconfigured');

    expect(await rollBackWith()).toBe(0);
    expect(project.serving()).toEqual(good);
    expect(project.tags('auth')).toBe(1);
  });

  it('rolls the others back when one cannot be, says so, and can be repeated', async () => {
    await deployWith('invalid-code');
    const good = project.serving();
    await deployWith('misconfigured');
    project.refuse('auth');

    expect(await rollBackWith()).toBe(1);
    expect(project.serving()).toMatchObject({ gateway: 'gateway-00001-abc', hosting: 'v1' });
    expect(said).toContain('Not rolled back: auth. Run the same command again.');

    project.refuse(undefined);
    expect(await rollBackWith()).toBe(0);
    expect(project.serving()).toEqual(good);
  });

  it('names the secrets that it takes back, which may have leaked', async () => {
    await deployWith('invalid-code');
    project.secret = '2';
    await deployWith('misconfigured');

    await expect(rollBackWith({ yes: false })).rejects.toThrow(UsageError);
    const plan = said.join('\n');
    expect(plan).toMatch(
      /auth +auth-00002-abc → .*\n +with version 1 of TIKI_CLIENT_SECRET instead of 2\n/,
    );
    expect(plan).toContain('A revision whose version is destroyed does not start.');
    // Once, though several functions have it.
    const destroys =
      'gcloud secrets versions destroy 1 --secret TIKI_CLIENT_SECRET --project tiki-shop';
    expect(said.filter((line) => line === `  ${destroys}`)).toHaveLength(1);
  });

  it('says nothing about secrets that stay', async () => {
    await deployWith('invalid-code');
    await deployWith('misconfigured');

    expect(await rollBackWith()).toBe(0);
    expect(said.join('\n')).not.toContain('secret');
  });

  it('goes back without the Firebase CLI, which only the proof needs', async () => {
    await deployWith('invalid-code');
    const good = project.serving();
    await deployWith('misconfigured');
    const readFile = () => {
      throw new UsageError('The Firebase CLI is not installed');
    };

    expect(await rollBackWith({}, { readFile })).toBe(1);
    expect(project.serving()).toEqual(good);
    expect(said).toContain('Not proven: The Firebase CLI is not installed');
  });

  it('asks first, and changes nothing without a yes', async () => {
    await deployWith('invalid-code');
    await deployWith('misconfigured');
    const bad = project.serving();

    await expect(rollBackWith({ yes: false })).rejects.toThrow(UsageError);
    const no = { ask: () => Promise.resolve('no') };
    await expect(rollBackWith({ yes: false }, no)).rejects.toThrow('Nothing was changed');
    expect(project.serving()).toEqual(bad);
    expect(said.join('\n')).toMatch(/auth +auth-00002-abc → auth-00001-abc \(2026-/);
  });

  it('has nothing to do where nothing was deployed before', async () => {
    expect(await rollBackWith()).toBe(1);
    await deployWith('invalid-code');

    expect(await rollBackWith()).toBe(0);
    expect(said.join('\n')).toContain('stays: there is no earlier revision');
    expect(said.join('\n')).not.toContain('npm run deploy -- --only functions');
    expect(project.serving()).toMatchObject({ auth: 'auth-00001-abc' });
  });
});
