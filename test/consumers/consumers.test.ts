import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type * as Client from 'tiki-firebase-client';
import type * as FirestoreClient from 'tiki-firebase-client/firestore';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { AN, DOMAIN, phoneWithServer } from '@tiki-bridge/testing/tini-runtime/setup';
import { json } from '@tiki-bridge/testing/tini-runtime/stand-in';
import { openWorld } from '@tiki-bridge/testing/tini-runtime/world';

// What an app's developer gets: the packed files, installed by npm, with the tools of their project.

const PACKAGES = ['tiki-firebase-client', 'tiki-firebase-sdk'];
/** An app that imports one entry and requires the other, as in a project that mixes both. */
const APP = {
  'app.js': `
    export { createTikiFirebase } from 'tiki-firebase-client';
    export { firestore, GeoPoint } from './data';`,
  'data.js': `module.exports = require('tiki-firebase-client/firestore');`,
  'typed.ts': typedApp(),
  'typed.mts': typedApp(),
};
/** Uses types of every entry; the wrong lines would be right if a type were `any`. */
function typedApp(): string {
  return `
  import { createTikiFirebase, type My, TikiFirebaseError, type User } from 'tiki-firebase-client';
  import { firestore, GeoPoint, increment, type Snapshot } from 'tiki-firebase-client/firestore';
  import { average } from 'tiki-firebase-client/aggregate';
  import { withConverter } from 'tiki-firebase-client/converter';
  import { functions } from 'tiki-firebase-client/functions';
  import { onSnapshot } from 'tiki-firebase-client/listen';
  import { payments, type Order } from 'tiki-firebase-client/payments';
  import { storage, type UploadedFile } from 'tiki-firebase-client/storage';
  import { runTransaction } from 'tiki-firebase-client/transaction';
  import { createFirebase, type Auth } from 'tiki-firebase-sdk';
  import { doc, getDoc, getFirestore, type DocumentData } from 'tiki-firebase-sdk/firestore';

  declare const my: My & { removeStorage: My['setStorage'] };
  const options = { baseUrl: 'https://app.example.vn', projectId: 'demo' };
  export const firebase = createTikiFirebase({
    my, ...options, firestore, functions, payments, storage,
  });
  export const user: Promise<User> = firebase.signIn({ scopes: ['offline'] });
  interface Shop { name: string; at: GeoPoint }
  const shop: Shop = { name: 'Tiki', at: new GeoPoint(10.8, 106.6) };
  export const written: Promise<unknown> = firebase.firestore().set('shops/a', shop);
  export const read: Promise<Snapshot | null> = firebase.firestore().get('shops/a');
  export const codeOf = (error: TikiFirebaseError) => error.code === 'user-refused';
  // @ts-expect-error There is no such code.
  export const wrong = (error: TikiFirebaseError) => error.code === 'no-such-code';
  // @ts-expect-error Firestore cannot store functions.
  firebase.firestore().set('shops/a', { name: () => 'Tiki' });

  const db = firebase.firestore();
  export const file: Promise<UploadedFile> = firebase.storage().upload('a.png', 'b.png');
  export const sum: Promise<number> = firebase.functions().call<number>('add', [1, 2]);
  export const order: Promise<Order> = firebase.payments().buy('month');
  export const stars: Promise<number | null> = average(db, 'shops', 'stars');
  export const left: Promise<string> = runTransaction(db, async (transaction) => {
    const shop = await transaction.get<{ stock: number }>('shops/a');
    transaction.update('shops/a', { stock: increment(-1) });
    return String(shop && shop.data.stock);
  });
  const names = withConverter(db, {
    toFirestore: (name: string) => ({ name }),
    fromFirestore: ({ data }) => String(data['name']),
  });
  export const stop: () => void = onSnapshot(names, 'shops/a', ({ document }) => {
    // @ts-expect-error The converter makes strings.
    const wrong: number = document ? document.data : '';
  });

  const sdk = createFirebase(my, options);
  export const auth: Auth = sdk.auth;
  export const data: Promise<DocumentData | undefined> = getDoc(
    doc(getFirestore(sdk.app), 'shops/a'),
  ).then((snapshot) => snapshot.data());
  // @ts-expect-error A path is a string.
  doc(getFirestore(sdk.app), 7);
`;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'consumers-'));
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  const script = path.join(PROJECT_ROOT, 'packages', 'tini-client', 'pack.mjs');
  for (const flags of [[], ['--sdk']]) execFileSync(process.execPath, [script, folder, ...flags]);
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', ...packed()], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
  for (const [name, code] of Object.entries(APP)) writeFileSync(path.join(folder, name), code);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const packed = () => readdirSync(folder).filter((name) => name.endsWith('.tgz'));

/** Runs a script in the app's folder: its exit code and what it printed. */
function run(script: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, printed: stdout + stderr };
}

/** A file of a package that the root has. */
const installed = (file: string) => path.join(PROJECT_ROOT, 'node_modules', file);

describe.each(PACKAGES)('%s, packed', (name) => {
  const file = () => packed().find((each) => each.startsWith(name)) ?? '';

  it('passes publint', () => {
    const { status, printed } = run(installed('publint/src/cli.js'), 'run', file(), '--strict');
    expect(printed).not.toMatch(/^(Errors|Warnings):/m);
    expect(status).toBe(0);
  });

  it('passes attw: its types are those of its code in every format', () => {
    const { status, printed } = run(
      installed('@arethetypeswrong/cli/dist/index.js'),
      file(),
      '--no-color',
      ...['--exclude-entrypoints', './package.json'],
    );
    expect(printed).toContain('No problems found');
    expect(status).toBe(0);
  });
});

describe('an app that is bundled', () => {
  it.each(['webpack4', 'webpack5', 'esbuild', 'vite'])(
    'with %s logs in and writes in the bare runtime',
    async (tool) => {
      execFileSync(process.execPath, [path.join(__dirname, 'bundle.mjs'), tool, folder]);

      const { phone, server } = phoneWithServer(Date.now);
      const world = openWorld(phone);
      const { createTikiFirebase, firestore, GeoPoint } = world.run(
        path.join(folder, 'out', `${tool}.js`),
      ) as typeof Client & typeof FirestoreClient;
      const firebase = createTikiFirebase({
        // The simulated my has all functions that the client uses.
        my: world.my as unknown as Client.My,
        baseUrl: DOMAIN,
        projectId: 'demo',
        firestore,
      });

      expect((await firebase.signIn()).customer).toEqual(AN);
      server.answers.push({ path: ':commit', answer: json(200, { writeResults: [{}] }) });
      await firebase.firestore().set('shops/a', { at: new GeoPoint(10.5, 106.5) });
      expect(phone.requests.at(-1)?.data).toMatchObject({
        writes: [
          { update: { fields: { at: { geoPointValue: { latitude: 10.5, longitude: 106.5 } } } } },
        ],
      });
    },
  );
});

it.each(['import', 'require'])('is loaded by Node with %s', (kind) => {
  const names = (module: string) =>
    kind === 'import'
      ? `Object.keys(await import('${module}'))`
      : `Object.keys(require('${module}'))`;
  const code = `console.log([
    ...${names('tiki-firebase-client')}, ...${names('tiki-firebase-client/firestore')}].join())`;
  const type = kind === 'import' ? 'module' : 'commonjs';
  const printed = execFileSync(process.execPath, [`--input-type=${type}`, '--eval', code], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(printed.trim().split(',')).toEqual(
    expect.arrayContaining(['createTikiFirebase', 'TikiFirebaseError', 'firestore', 'GeoPoint']),
  );
});

describe('an app in TypeScript, which checks the types of its packages too', () => {
  it.each([
    ['oldest', 'commonjs', 'node', 'typed.ts'],
    ['oldest', 'node16', 'node16', 'typed.ts typed.mts'],
    ['typescript-5', 'esnext', 'bundler', 'typed.ts'],
    // TypeScript 6, from the root.
    ['newest', 'nodenext', 'nodenext', 'typed.ts typed.mts'],
    ['newest', 'esnext', 'bundler', 'typed.ts'],
  ])(
    'compiles with the %s compiler, module %s, moduleResolution %s',
    (tools, module, resolution, files) => {
      const compiler = createRequire(path.join(__dirname, tools, 'package.json'));
      const options = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--lib', 'es2017'];
      const kind = ['--target', 'es2017', '--module', module, '--moduleResolution', resolution];
      const result = run(
        compiler.resolve('typescript/bin/tsc'),
        ...options,
        ...kind,
        ...files.split(' '),
      );
      expect(result).toEqual({ status: 0, printed: '' });
    },
  );
});
