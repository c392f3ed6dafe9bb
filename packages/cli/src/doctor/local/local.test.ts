import { AS_HERE } from '../../../../../functions/src/operator';
import { LOCAL_CHECKS } from '../checks';
import { examine } from '../examine';
import { healthyWorld } from '../fakes/clinic';
import type { World } from '../world';

async function find(check: string, world: Partial<World>) {
  const findings = await examine(LOCAL_CHECKS, { ...healthyWorld(), ...world }, {});
  return findings.find((finding) => finding.check === check);
}

/** A project with these files added or replaced. */
function files(changed: Readonly<Record<string, string>>): Partial<World> {
  const { readFile, listFiles } = healthyWorld(changed);
  return { readFile, listFiles };
}

describe('Node.js', () => {
  it.each(['20.6.0', '22.1.0', '24.3.0'])('is fine as %s', async (nodeVersion) => {
    expect(await find('node', { nodeVersion })).toMatchObject({
      state: 'ok',
      message: nodeVersion,
    });
  });

  it.each(['20.5.1', '20.0.0', '18.20.4'])('fails as %s', async (nodeVersion) => {
    expect(await find('node', { nodeVersion })).toMatchObject({
      state: 'failed',
      message: `${nodeVersion} is too old: 20.6 at least`,
      remedy: 'nvm install --lts',
    });
  });
});

describe('the Firebase CLI', () => {
  const INSTALLED = 'node_modules/firebase-tools/package.json';

  it('is warned of when it is not the version of package.json', async () => {
    const world = files({ [INSTALLED]: '{"version":"14.0.0"}' });
    expect(await find('firebase-tools', world)).toEqual({
      check: 'firebase-tools',
      state: 'warning',
      message: '14.0.0, but package.json asks for 15.34.2',
      remedy: 'npm ci',
    });
  });

  it.each(['', '{', '{"version":1}'])('fails when its package.json is "%s"', async (text) => {
    const world = files({ [INSTALLED]: text });
    expect(await find('firebase-tools', world)).toMatchObject({
      state: 'failed',
      remedy: 'npm ci',
    });
  });
});

describe('the Firebase CLI of a project that has installed the bridge', () => {
  const deployed = { ...AS_HERE, installedIn: 'tiki-bridge' };
  const without = { ...files({ 'node_modules/firebase-tools/package.json': '' }), deployed };

  it('may be on PATH', async () => {
    expect(await find('firebase-tools', without)).toMatchObject({ message: 'found on PATH' });
    const none = { ...without, hasFirebaseCli: () => false };
    expect(await find('firebase-tools', none)).toMatchObject({
      ...{ state: 'failed', remedy: 'npm install --save-dev firebase-tools' },
    });
  });
});

describe('Java', () => {
  it.each([
    [undefined, false, 'none; only the Firestore emulator needs it'],
    [21, true, '21; a Firestore emulator is installed'],
    [
      17,
      false,
      "17; the Firebase CLI's own emulators require 21; no Firestore emulator is installed",
    ],
  ])('is only noted: %s', async (major, emulator, message) => {
    const world = { findJava: () => major, hasFirestoreEmulator: () => emulator };
    expect(await find('java', world)).toMatchObject({ state: 'ok', message });
  });
});

describe('the parameter files', () => {
  const ENV = 'functions/.env.demo-shop';

  it.each([
    ['quotes', 'TIKI_CLIENT_KEY="demo-key"'],
    ['a comment', '# the key\nTIKI_CLIENT_KEY=demo-key # of the simulator'],
    ['blanks around the equals sign and Windows line ends', 'TIKI_CLIENT_KEY = demo-key\r\n'],
  ])('are read as the Firebase CLI reads them: with %s', async (_, text) => {
    expect(await find('parameter-files', files({ [ENV]: text }))).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['TIKI_CLIENT_KEY=', 'TIKI_CLIENT_KEY is not set'],
    ['TIKI_CLIENT_KEY="k "', 'TIKI_CLIENT_KEY has white space in it or around it'],
    [
      'TIKI_CLIENT_KEY=k\nTIKI_TOKENS_TO_CLIENT=yes',
      'TIKI_TOKENS_TO_CLIENT is neither true nor false',
    ],
  ])('fail with %j', async (text, fault) => {
    expect(await find('parameter-files', files({ [ENV]: text }))).toEqual({
      check: 'parameter-files',
      state: 'failed',
      message: `${ENV}: ${fault}`,
      remedy: `# correct ${ENV}`,
    });
  });

  it.each([
    ['a line is no parameter', { [ENV]: 'TIKI_CLIENT_KEY=k\nout-in-the-open' }],
    ['a name is reserved', { [ENV]: 'TIKI_CLIENT_KEY=k\nGCLOUD_PROJECT=out-in-the-open' }],
  ])('fail when %s, without its text', async (_, changed) => {
    const finding = await find('parameter-files', files(changed));
    expect(finding).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(`the Firebase CLI refuses ${ENV}: `) as string,
    });
    expect(JSON.stringify(finding)).not.toContain('out-in-the-open');
  });

  it('are found by the alias of the default project', async () => {
    const world = files({
      '.firebaserc': '{"projects":{"default":"demo-other","dev":"demo-other"}}',
      'functions/.env.dev': 'TIKI_CLIENT_KEY=k',
    });
    expect(await find('parameter-files', world)).toMatchObject({
      state: 'ok',
      message: 'functions/.env.dev is well-formed',
    });
  });

  it('fail when the secret stands among them, without its value', async () => {
    const world = files({ 'functions/.env': 'TIKI_CLIENT_SECRET=out-in-the-open' });
    const finding = await find('parameter-files', world);
    expect(finding).toMatchObject({
      state: 'failed',
      message: 'TIKI_CLIENT_SECRET stands in functions/.env: it belongs in Secret Manager',
    });
    expect(JSON.stringify(finding)).not.toContain('out-in-the-open');
  });

  it('fail when the local secret has white space in it', async () => {
    const world = files({ 'functions/.secret.local': 'TIKI_CLIENT_SECRET="demo secret"' });
    expect(await find('parameter-files', world)).toMatchObject({
      state: 'failed',
      message: 'functions/.secret.local: TIKI_CLIENT_SECRET has white space in it or around it',
    });
  });

  it('fail when .firebaserc cannot be read, instead of writing another', async () => {
    expect(await find('parameter-files', files({ '.firebaserc': '{broken' }))).toMatchObject({
      state: 'failed',
      message: '.firebaserc is malformed',
      remedy: '# correct .firebaserc',
    });
  });

  it('are not checked where there are none, or no default project', async () => {
    const other = files({ '.firebaserc': '{"projects":{"default":"demo-other"}}' });
    expect(await find('parameter-files', other)).toMatchObject({
      state: 'not-checked',
      message: 'there is no functions/.env.demo-other',
    });
    expect(await find('parameter-files', files({ '.firebaserc': '{}' }))).toMatchObject({
      state: 'not-checked',
      remedy: 'npx firebase use --add',
    });
  });
});

describe('the ports', () => {
  it('are fine when all are free', async () => {
    expect(await find('ports', {})).toMatchObject({ state: 'ok' });
  });

  it('are warned of when taken, with the command that tells by whom', async () => {
    const isFree = (port: number) => Promise.resolve(port !== 9099 && port !== 9010);
    expect(await find('ports', { isFree })).toMatchObject({
      state: 'warning',
      message: 'in use: 9099 (auth), 9010 (Tiki simulator); fine if that is npm start',
      remedy: 'lsof -i :9099\nlsof -i :9010',
    });
    expect((await find('ports', { isFree, platform: 'win32' }))?.remedy).toMatch(/^netstat /);
  });

  it('fail when firebase.json is no JSON', async () => {
    expect(await find('ports', files({ 'firebase.json': '{' }))).toMatchObject({ state: 'failed' });
  });
});

describe('the deployed project', () => {
  it('is not checked without its name, with the command that does', async () => {
    expect(await find('real-project', {})).toMatchObject({
      state: 'not-checked',
      remedy: 'npm run doctor -- --project <project id>',
    });
  });
});
