import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
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

it.each([
  'package.json',
  'firestore/package.json',
  'functions/package.json',
  'storage/package.json',
])('has every file that %s names', (name) => {
  const manifest = path.join(FOLDER, name);
  const fields = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
  for (const field of ['main', 'module', 'types']) {
    const file = path.resolve(path.dirname(manifest), fields[field] ?? '');
    expect(existsSync(path.join(out, path.relative(path.join(FOLDER, 'dist'), file)))).toBe(true);
  }
});

it('exports files that a build writes and a package contains', () => {
  const { exports, files } = JSON.parse(
    readFileSync(path.join(FOLDER, 'package.json'), 'utf8'),
  ) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    readonly files: readonly string[];
  };
  const targets = Object.values(exports)
    .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
    .filter((target) => target !== './package.json');
  const packed = (target: string) => files.includes(target.split('/')[1] ?? '');
  const built = targets.filter((target) => !target.includes('*'));

  expect(targets.filter((target) => !packed(target))).toEqual([]);
  expect(built).toHaveLength(12);
  for (const target of built) {
    expect(existsSync(path.join(out, path.relative('dist', target)))).toBe(true);
  }
});

it('packs all files that it names, and its licence', () => {
  const manifest = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as {
    readonly files: readonly string[];
  };
  expect(manifest.files).toEqual(
    expect.arrayContaining(['dist', 'firestore', 'functions', 'storage', 'LICENSE']),
  );
  expect(readFileSync(path.join(FOLDER, 'LICENSE'), 'utf8')).toBe(
    readFileSync(path.join(PROJECT_ROOT, 'LICENSE'), 'utf8'),
  );
});

it('exports what the types declare, and nothing internal', () => {
  const { firebase, firestoreClient } = scene().open();
  const all =
    'claims currentUser firestore functions getIdToken isPremium onAuthStateChanged request';
  expect(Object.keys(firebase).sort()).toEqual(`${all} resume signIn signOut storage`.split(' '));
  expect(Object.keys(firebase.storage()).sort()).toEqual(['downloadUrl', 'upload']);
  expect(Object.keys(firebase.functions())).toEqual(['call']);
  const firestore = 'delete get list query ref set update';
  expect(Object.keys(firebase.firestore()).sort()).toEqual(firestore.split(' '));
  expect(Object.keys(new firestoreClient.GeoPoint(1, 2))).toEqual(['latitude', 'longitude']);
});

it('has no dependencies when installed', () => {
  const manifest = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as object;
  expect(Object.keys(manifest).filter((field) => /dependencies/i.test(field))).toEqual([
    'devDependencies',
  ]);
});

it('is within its size limits, and prints its size', () => {
  const { status, stdout } = measure();
  expect(stdout).toMatch(/tiki-firebase\.esm\.js: \d+ bytes minified \(limit 12288\), \d+ gzip/);
  expect(status).toBe(0);
});

it('fails when it is too large', () => {
  appendFileSync(path.join(out, 'firestore.es2015.js'), ' '.repeat(12_288));
  expect(measure()).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('TOO LARGE') as string,
  });
});

it('logs in with the ES2015 build, which has no newer syntax', async () => {
  const file = path.join(out, 'tiki-firebase.es2015.js');
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
