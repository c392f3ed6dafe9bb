import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { UsageError } from '../usage-error';
import { carryOutAdoption } from './act';
import type { AdoptOptions, AdoptTask } from './command';
import { SHOP, template } from './fakes';
import { parseJsonc } from '../parse-json';

const { version } = template.manifest;

let folder: string;
let root: string;
let packed: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'adopt-'));
  root = path.join(folder, 'shop');
  cpSync(SHOP, root, { recursive: true });
  packed = path.join(folder, `tiki-firebase-bridge-${version}.tgz`);
  writeFileSync(packed, 'the packed functions');
  // A developer's terminal would be asked.
  Object.defineProperty(process.stdin, 'isTTY', { value: false, configurable: true });
  printed = '';
  const print = (text: unknown) => {
    printed += `${String(text)}\n`;
  };
  jest.spyOn(console, 'log').mockImplementation(print);
  jest.spyOn(console, 'error').mockImplementation(print);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const act = (
  task: Pick<AdoptTask, 'name'> & Partial<Pick<AdoptTask, 'asked'>> & { readonly check?: boolean },
  options: Partial<AdoptOptions> = {},
) =>
  carryOutAdoption(
    { check: false, asked: {}, ...task, folder: root },
    { yes: true, install: false, packed, ...options },
  );
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const inShop = (file: string) => readFileSync(path.join(SHOP, file), 'utf8');

it('shows a diff, writes nothing without a yes, then all of it, and nothing the second time', async () => {
  await expect(act({ name: 'init' }, { yes: false })).rejects.toThrow(
    'Nothing was written. To go on, add --yes',
  );
  expect(printed).toContain('+        "source": "/auth_exchange",');
  expect(printed).toContain('+const { auth, gateway } = require(');
  expect(printed).not.toContain('written.json');
  expect(existsSync(path.join(root, 'tiki-bridge'))).toBe(false);
  expect(read('firebase.json')).toBe(inShop('firebase.json'));

  expect(printed).toMatch(/^In all, \d+ files:\n(.*\n)* {2}firestore\.rules \+\d+ -0\n/m);

  expect(await act({ name: 'init' })).toBe(0);
  // Also without npm.
  expect(printed).toContain('nothing is installed');
  expect(printed).toContain(' deploy --project <project id>\n');
  expect(read(`tiki-bridge/tiki-firebase-bridge-${version}.tgz`)).toBe('the packed functions');
  const modified = statSync(path.join(root, 'firebase.json')).mtimeMs;
  printed = '';
  // Not even the packed file is asked for.
  expect(await act({ name: 'init' }, { yes: false, packed: undefined })).toBe(0);
  expect(printed).toBe('Nothing to do: everything is as this version writes it.\n');
  expect(statSync(path.join(root, 'firebase.json')).mtimeMs).toBe(modified);
});

it('takes Ctrl-C or Ctrl-D at the question for a no', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true, fd: 0 as const });
  jest.spyOn(process, 'stdin', 'get').mockReturnValue(input as never);
  input.end();

  await expect(act({ name: 'init' }, { yes: false })).rejects.toThrow(UsageError);
  expect(existsSync(path.join(root, 'tiki-bridge'))).toBe(false);
});

it('says with --check what is missing', async () => {
  expect(await act({ name: 'init', check: true })).toBe(1);
  expect(printed).toContain('The bridge is not in this project');
  await act({ name: 'init' });
  rmSync(path.join(root, 'tiki-bridge/index.js'));
  writeFileSync(path.join(root, 'storage.rules'), inShop('storage.rules'));
  printed = '';

  expect(await act({ name: 'init', check: true })).toBe(1);
  expect(printed.trim().split('\n')).toEqual([
    'tiki-bridge/index.js is missing',
    'storage.rules is out of date',
    'tiki-bridge/package-lock.json is missing or out of date',
    'To bring it up to date: init',
  ]);
});

it('refuses with what to do instead, and writes nothing', async () => {
  const rules = inShop('firestore.rules').replace('/products/', '/entitlements/');
  writeFileSync(path.join(root, 'firestore.rules'), rules);

  expect(await act({ name: 'init' })).toBe(1);
  expect(printed).toMatch(
    /firestore\.rules: it has a match \/entitlements of its own\n.*--skip firestore/,
  );
  expect(printed).toContain('    match /entitlements/{uid} {');
  expect(existsSync(path.join(root, 'tiki-bridge'))).toBe(false);
});

it('accepts open rules as they are, and none that comes later', async () => {
  const file = path.join(root, 'firestore.rules');
  const open = (condition: string, path = '{document=**}') => {
    const rule = `match /${path} {\n allow read, write: if\n ${condition};\n }\n match /products/`;
    writeFileSync(file, inShop('firestore.rules').replace('match /products/', rule));
  };
  writeFileSync(path.join(root, 'firebase.json'), '{"firestore": {"rules": "firestore.rules"}}');
  const staff = "request.auth.token.email.matches('.*@shop.vn')";
  open(staff);
  const asked = { skipped: ['firestore' as const], acceptsOpenRules: true };
  expect(await act({ name: 'init', asked: { skipped: asked.skipped } })).toBe(1);
  expect(await act({ name: 'init', asked })).toBe(0);
  expect(read('tiki-bridge/.bridge/written.json')).toContain(`if ${staff};  ← it may let`);
  writeFileSync(path.join(root, 'tiki-bridge/package-lock.json'), '{}');

  printed = '';
  await act({ name: 'init', check: true });
  expect(printed).toMatch(/^Note: firestore\.rules:\d+: allow read, write: if {2}← it may let/m);
  expect(printed).not.toContain('✗');
  for (const condition of ['true', "request.auth.token.email.matches('.*')"]) {
    open(condition);
    printed = '';
    expect(await act({ name: 'init', check: true })).toBe(1);
    expect(printed).toMatch(/✗.* firestore\.rules:\d+: allow read, write: if {2}← it (may )?let/);
    expect(await act({ name: 'init' })).toBe(1);
  }
  // Once it is narrowed, it is no longer accepted.
  open(staff, 'products/{id}');
  expect(await act({ name: 'init' })).toBe(0);
  open(staff);
  expect(await act({ name: 'init' })).toBe(1);
});

it('lets Git keep all that a deployment needs, whatever `firebase init` ignores', async () => {
  const ignored = createRequire(__filename).resolve('firebase-tools/templates/_gitignore');
  cpSync(ignored, path.join(root, '.gitignore'));
  await act({ name: 'init' });
  for (const name of ['.env.shop', 'package-lock.json', 'npm-debug.log']) {
    writeFileSync(path.join(root, 'tiki-bridge', name), '');
  }
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  git('init', '--quiet');
  git('add', '--all');

  const kept = git('ls-files', 'tiki-bridge', ':!tiki-bridge/.bridge').trim().split('\n');
  expect(kept.map((file) => path.basename(file)).toSorted()).toEqual(
    [
      ...['.env', '.env.shop', '.gitignore', 'index.js', 'package-lock.json', 'package.json'],
      path.basename(packed),
    ].toSorted(),
  );
});

it('leaves no secret for Git to find after remove', async () => {
  await act({ name: 'init' });
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  git('init', '--quiet');
  writeFileSync(path.join(root, 'tiki-bridge/.secret.local'), 'TIKI_CLIENT_SECRET=a-real-one\n');
  printed = '';

  expect(await act({ name: 'remove' })).toBe(0);
  expect(printed).toMatch(
    /\.secret\.local may hold secrets of yours: .* tiki-bridge\/\.gitignore stays/,
  );
  expect(readdirSync(path.join(root, 'tiki-bridge')).toSorted()).toEqual([
    ...['.gitignore', '.secret.local'],
  ]);
  git('add', '--all');
  expect(git('ls-files', 'tiki-bridge')).toBe('tiki-bridge/.gitignore\n');
  // It can come back.
  expect(await act({ name: 'init' })).toBe(0);
  expect(read('tiki-bridge/.secret.local')).toContain('a-real-one');
});

it.each([
  ['firestore.rules', /firestore\.rules begins with a byte order mark \(BOM\)/],
  ['firebase.json', /firebase\.json begins with a byte order mark \(BOM\)/],
])('names the byte order mark of %s', async (file, message) => {
  writeFileSync(path.join(root, file), `\u{feff}${inShop(file)}`);

  await expect(act({ name: 'init' })).rejects.toThrow(message);
});

it('keeps permissions and links of files', async () => {
  chmodSync(path.join(root, 'storage.rules'), 0o640);
  renameSync(path.join(root, 'firestore.rules'), path.join(root, 'shared.rules'));
  symlinkSync(path.join(root, 'shared.rules'), path.join(root, 'firestore.rules'));
  await act({ name: 'init' });

  expect(statSync(path.join(root, 'storage.rules')).mode & 0o777).toBe(0o640);
  expect(readFileSync(path.join(root, 'shared.rules'), 'utf8')).toContain('tiki-firebase-bridge');
  await act({ name: 'remove' });
  expect(readFileSync(path.join(root, 'shared.rules'), 'utf8')).toBe(inShop('firestore.rules'));
});

it.each([
  ['the folder of the codebase', 'tiki-bridge'],
  ['a rules file', 'firestore.rules'],
  ['a file that is not there yet', 'tiki-bridge/.env'],
])('writes nothing through a link that leads out of the project: %s', async (_, link) => {
  const outside = path.join(folder, 'outside');
  mkdirSync(outside);
  if (link.endsWith('.rules')) renameSync(path.join(root, link), path.join(outside, 'target'));
  mkdirSync(path.dirname(path.join(root, link)), { recursive: true });
  symlinkSync(
    link === 'tiki-bridge' ? outside : path.join(outside, 'target'),
    path.join(root, link),
  );
  const before = readdirSync(outside);

  await expect(act({ name: 'init' })).rejects.toThrow(/leads out of the project|links to nothing/);
  expect(readdirSync(outside)).toEqual(before);
  expect(read('firebase.json')).toBe(inShop('firebase.json'));
});

it('deletes nothing through a link that leads out of the project', async () => {
  await act({ name: 'init' });
  const outside = path.join(folder, 'outside');
  renameSync(path.join(root, 'tiki-bridge'), outside);
  symlinkSync(outside, path.join(root, 'tiki-bridge'));

  await expect(act({ name: 'remove' })).rejects.toThrow(/leads out of the project/);
  expect(readdirSync(outside)).toContain('index.js');
});

it('uploads what the functions need, and no parameter, key or record', async () => {
  await act({ name: 'init' });
  for (const file of [
    '.env.shop',
    'key.json',
    'plans.json',
    'package-lock.json',
    'firebase-debug.log',
  ]) {
    writeFileSync(path.join(root, 'tiki-bridge', file), '{}');
  }
  // What `firebase deploy` calls in the version of our lockfile.
  const { readdirRecursive } = createRequire(__filename)('firebase-tools/lib/fsAsync.js') as {
    readdirRecursive: (options: {
      readonly path: string;
      readonly ignoreStrings: readonly string[];
    }) => Promise<readonly { readonly name: string }[]>;
  };
  const { functions } = parseJsonc(read('firebase.json')) as {
    functions: readonly { readonly ignore?: readonly string[] }[];
  };
  const uploaded = await readdirRecursive({
    path: path.join(root, 'tiki-bridge'),
    ignoreStrings: functions[1]?.ignore ?? [],
  });

  expect(uploaded.map(({ name }) => path.basename(name)).sort()).toEqual([
    ...['index.js', 'package-lock.json', 'package.json', 'plans.json'],
    path.basename(packed),
  ]);
});

it('writes all but the lockfile where npm fails, and says how to get it', async () => {
  // The packed file is no archive.
  jest.replaceProperty(process, 'env', { ...process.env, npm_config_offline: 'true' });

  expect(await act({ name: 'init' }, { install: true })).toBe(1);
  expect(printed).toMatch(
    /but nothing is installed\. .*\n {2}npm install .*--prefix tiki-bridge\n/,
  );
  expect(printed).toContain('tiki-firebase-bridge try\n');
  expect(read('firebase.json')).toContain('tiki-bridge');
});

it('goes on with update only where init was, and with init only to its own version', async () => {
  await expect(act({ name: 'update' })).rejects.toThrow(/run init$/);
  await act({ name: 'init' });
  const record = path.join(root, 'tiki-bridge/.bridge/written.json');
  writeFileSync(record, readFileSync(record, 'utf8').replace(`"${version}"`, '"0.0.1"'));
  await expect(act({ name: 'init' })).rejects.toThrow(
    /has version 0\.0\.1 of the bridge: run update/,
  );

  expect(await act({ name: 'update' })).toBe(0);
  expect(readFileSync(record, 'utf8')).toContain(`"version": "${version}"`);
  expect(await act({ name: 'remove' })).toBe(0);
  expect(existsSync(path.join(root, 'tiki-bridge'))).toBe(false);
});

it('takes no packed file of another version', async () => {
  renameSync(packed, path.join(folder, 'tiki-firebase-bridge-0.0.1.tgz'));
  const asked = act(
    { name: 'init' },
    { packed: path.join(folder, 'tiki-firebase-bridge-0.0.1.tgz') },
  );

  await expect(asked).rejects.toThrow(UsageError);
});

it('writes no file that is not text', async () => {
  writeFileSync(path.join(root, 'firestore.rules'), Buffer.from([0xff, 0xfe, 0x00]));

  await expect(act({ name: 'init' })).rejects.toThrow(/firestore\.rules is not text in UTF-8/);
});
