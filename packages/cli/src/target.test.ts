import { defaultProject, findProject } from './project';
import { chooseTarget } from './target';
import { UsageError } from './usage-error';

const emulators = {
  FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080',
  FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099',
};
const MIRROR = 'PREMIUM_DATABASE_URL=https://my-app.firebaseio.com\n';

/** A project with these files. */
const files = (all: Readonly<Record<string, string>>) => (file: string) => all[file];
const noFiles = files({});
const mirrored = files({ 'functions/.env': MIRROR });
const rc = (projects: object) => ({ '.firebaserc': JSON.stringify({ projects }) });

describe('what npm run premium acts on', () => {
  it('is the emulators that the environment names', () => {
    expect(chooseTarget(undefined, emulators, noFiles)).toEqual({
      kind: 'emulators',
      projectId: 'demo-tiki-bridge',
      alias: undefined,
      hosts: ['127.0.0.1:8080', '127.0.0.1:9099'],
      databaseUrl: undefined,
      description:
        'Acting on the emulators at 127.0.0.1:8080, 127.0.0.1:9099 (project demo-tiki-bridge)',
    });
  });

  it('is a real project only when --project says so', () => {
    expect(chooseTarget('my-app', {}, mirrored)).toEqual({
      kind: 'project',
      projectId: 'my-app',
      alias: undefined,
      hosts: [],
      databaseUrl: 'https://my-app.firebaseio.com',
      description: 'Acting on the REAL project my-app, mirrored to https://my-app.firebaseio.com',
    });
    expect(() => chooseTarget(undefined, {}, noFiles)).toThrow(/Name a target/);
  });

  it.each([
    ['a document here and an account there', 'my-app', { FIRESTORE_EMULATOR_HOST: 'a:1' }, noFiles],
    [
      'an account here and a document there',
      'my-app',
      { FIREBASE_AUTH_EMULATOR_HOST: 'a:1' },
      noFiles,
    ],
    ['emulators and a real mirror', undefined, emulators, mirrored],
    ['a real project with a name of the emulators', 'demo-app', {}, noFiles],
    ['what cannot be a project', 'My App', {}, noFiles],
    [
      'an emulator that is named with a scheme',
      undefined,
      { ...emulators, FIREBASE_AUTH_EMULATOR_HOST: 'http://127.0.0.1:9099' },
      noFiles,
    ],
    [
      'a project whose parameters cannot be read',
      'my-app',
      {},
      files({ 'functions/.env.my-app': 'my-secret' }),
    ],
  ])('is never %s', (_, project, env, readFile) => {
    const choose = () => chooseTarget(project, env, readFile);
    expect(choose).toThrow(UsageError);
    expect(choose).not.toThrow(/my-secret/);
  });

  it('has the mirror that the functions are deployed with', () => {
    const urlWith = (all: Readonly<Record<string, string>>) =>
      chooseTarget('my-app', {}, files({ 'functions/.env': MIRROR, ...all })).databaseUrl;
    expect(urlWith({})).toBe('https://my-app.firebaseio.com');
    const own = (value: string) => ({ 'functions/.env.my-app': `PREMIUM_DATABASE_URL=${value}` });
    expect(urlWith(own('"https://one.example" # Singapore'))).toBe('https://one.example');
    expect(urlWith(own(''))).toBeUndefined();
    const ofAlias = 'PREMIUM_DATABASE_URL=https://prod.example';
    expect(urlWith({ ...rc({ prod: 'my-app' }), 'functions/.env.prod': ofAlias })).toBe(
      'https://prod.example',
    );
  });
});

describe('--project', () => {
  const projects = { default: 'my-app', prod: 'my-app', live: 'my-app', old: 'example.com:my-app' };

  it.each([
    ['an alias', 'prod', [], { projectId: 'my-app', alias: 'prod' }],
    ['an id', 'other-app', [], { projectId: 'other-app', alias: undefined }],
    ['an id below a domain', 'example.com:shop', [], { projectId: 'example.com:shop' }],
    ['an id with a file', 'my-app', ['my-app', 'prod'], { projectId: 'my-app', alias: undefined }],
    ['an id whose alias has a file', 'my-app', ['prod'], { projectId: 'my-app', alias: 'prod' }],
  ])('takes %s', (_, name, suffixes, project) => {
    const all = Object.fromEntries(suffixes.map((suffix) => [`functions/.env.${suffix}`, '']));
    expect(findProject(name, files({ ...rc(projects), ...all }))).toMatchObject(project);
  });

  it('has to say which alias when several have parameters', () => {
    const all = { ...rc(projects), 'functions/.env.prod': '', 'functions/.env.live': '' };
    expect(() => findProject('my-app', files(all))).toThrow(/both prod and live: name one/);
  });

  it('may be an alias in a file with comments, as the Firebase CLI takes them', () => {
    const text = '{ "projects": { /* the shop */ "prod": "my-app" } } // end';
    expect(findProject('prod', files({ '.firebaserc': text }))).toMatchObject({
      projectId: 'my-app',
    });
  });

  it.each(['{broken', '{"projects": {"prod": 1}}', '[]'])(
    'is not taken for an id where the aliases cannot be read: %s',
    (text) => {
      const read = () => findProject('prod', files({ '.firebaserc': text }));
      expect(read).toThrow(UsageError);
      expect(read).toThrow('.firebaserc is malformed');
    },
  );

  it.each([
    [{ default: 'my-app', prod: 'other-app' }, 'my-app'],
    [{ prod: 'other-app' }, 'other-app'],
    [{ prod: 'other-app', live: 'my-app' }, undefined],
    [{}, undefined],
  ])('is not needed for a check of this machine with %j', (aliases, projectId) => {
    expect(defaultProject(files(rc(aliases)))?.projectId).toBe(projectId);
  });
});
