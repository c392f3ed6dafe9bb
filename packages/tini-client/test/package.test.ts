import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as Client from '../src/index';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { type Build, buildPackage } from '@tiki-bridge/testing/tini-runtime/build';
import { clientForTests, DOMAIN } from '@tiki-bridge/testing/tini-runtime/setup';
import { openWorld } from '@tiki-bridge/testing/tini-runtime/world';

const FOLDER = path.join(PROJECT_ROOT, 'packages', 'tini-client');

const { scene } = clientForTests();
let build: Build;
let out: string;
beforeAll(() => {
  build = buildPackage('tini-client');
  out = build.folder;
});
afterAll(() => {
  build.remove();
});

const measure = () =>
  spawnSync(process.execPath, [path.join(FOLDER, 'size.mjs'), '--out', out], { encoding: 'utf8' });

it('exports every entry that is built', () => {
  const { exports } = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly module?: string }>>;
  };
  const exported = Object.values(exports).flatMap(({ module }) => module ?? []);
  const files = readdirSync(path.join(out, 'esm'));
  // The other files have no types of their own.
  const built = files.filter(
    (name) => name.endsWith('.js') && files.includes(name.replace(/js$/, 'd.ts')),
  );

  expect(built.length).toBeGreaterThan(1);
  expect(exported.map((file) => path.basename(file)).sort()).toEqual(built.sort());
});

it('packs all files that it names, and its licence', () => {
  const manifest = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly module?: string }>>;
    readonly files: readonly string[];
  };
  const entries = Object.keys(manifest.exports).filter((name) => manifest.exports[name]?.module);
  const folders = entries.map((name) => name.slice(2)).filter(Boolean);
  expect(manifest.files).toEqual(['dist', ...folders, 'LICENSE', 'README.md']);
  expect(readFileSync(path.join(FOLDER, 'LICENSE'), 'utf8')).toBe(
    readFileSync(path.join(PROJECT_ROOT, 'LICENSE'), 'utf8'),
  );
});

it('exports what the types declare, and nothing internal', () => {
  const { firebase, firestoreClient } = scene().open();
  const all =
    'claims currentUser firestore functions getIdToken handOver isPremium onAuthStateChanged onIdTokenChanged payments request';
  expect(Object.keys(firebase).sort()).toEqual(`${all} resume signIn signOut storage`.split(' '));
  expect(Object.keys(firebase.storage()).sort()).toEqual(['downloadUrl', 'upload']);
  expect(Object.keys(firebase.functions())).toEqual(['call']);
  expect(Object.keys(firebase.payments()).sort()).toEqual(['buy', 'orders', 'plans']);
  const firestore = 'add batch delete get list query ref set source update';
  expect(Object.keys(firebase.firestore()).sort()).toEqual(firestore.split(' '));
  expect(Object.keys(new firestoreClient.GeoPoint(1, 2))).toEqual(['latitude', 'longitude']);
});

it('imports nothing by its file alone, which bundlers would warn about', () => {
  const folder = path.join(out, 'esm');
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const bare = files.filter((name) =>
    /import"/.test(readFileSync(path.join(folder, name), 'utf8')),
  );
  expect(files.length).toBeGreaterThan(1);
  expect(bare).toEqual([]);
});

it('has no dependencies when installed', () => {
  const manifest = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as object;
  expect(Object.keys(manifest).filter((field) => /dependencies/i.test(field))).toEqual([
    'devDependencies',
  ]);
});

it('is within its size limits, and prints its size', () => {
  const { status, stdout } = measure();
  expect(stdout).toMatch(/esm\/tiki-firebase\.js: \d+ bytes minified \(limit 12288\), \d+ gzip/);
  expect(status).toBe(0);
});

it('fails when it is too large', () => {
  appendFileSync(path.join(out, 'es2015/firestore.js'), ' '.repeat(12_288));
  expect(measure()).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('TOO LARGE') as string,
  });
});

it('logs in with the ES2015 build, which has no newer syntax', async () => {
  const file = path.join(out, 'es2015/tiki-firebase.js');
  expect(readFileSync(file, 'utf8')).not.toMatch(/\basync\b|\bawait\b|\*\*|\?\.[a-z]|\?\?/);
  const { phone } = scene();
  const world = openWorld(phone);
  const { createTikiFirebase } = world.run(file) as typeof Client;
  const firebase = createTikiFirebase({
    my: world.my as unknown as Client.My,
    baseUrl: `${DOMAIN}/`,
    projectId: 'demo',
    ...phone.timers,
  });
  expect((await firebase.signIn()).uid).toBe('tiki:1001');
});
