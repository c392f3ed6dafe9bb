import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
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

let temporary: string;
/** A fresh clone of the last commit, with the installed packages. Nothing has been built in it. */
let clone: string;
beforeAll(() => {
  temporary = mkdtempSync(path.join(os.tmpdir(), 'pack-test-'));
  clone = path.join(temporary, 'clone');
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${PROJECT_ROOT}`, clone]);
  for (const folder of ['node_modules', 'functions/node_modules']) {
    symlinkSync(path.join(PROJECT_ROOT, folder), path.join(clone, folder));
  }
});
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

function newApp(name: string): string {
  const folder = path.join(temporary, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  return folder;
}

/** What `npm run pack:tini-app` runs, in the clone. */
const pack = (...args: string[]) =>
  spawnSync(process.execPath, [path.join(clone, 'packages', 'tini-client', 'pack.mjs'), ...args], {
    cwd: clone,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: temporary },
  });

const npm = (cwd: string, ...args: string[]) =>
  execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });

const packedIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.tgz'));

/** Packs the client and follows the command that is printed. Returns the file's name. */
function installed(app: string): string {
  const { stdout, status } = pack(path.basename(app));
  expect(status).toBe(0);
  const [, file = ''] = /^ {2}npm install \.\/(\S+\.tgz)$/m.exec(stdout) ?? [];
  npm(app, 'install', `./${file}`);
  return file;
}

it('packs under a new name when the content has changed, so that npm installs it', () => {
  const app = newApp('app');
  const code = () =>
    readFileSync(
      path.join(app, 'node_modules', 'tiki-firebase-client', 'dist', 'cjs', 'tiki-firebase.js'),
      'utf8',
    );
  const first = installed(app);
  const old = code();
  expect(first).toMatch(/^tiki-firebase-client-\d+\.\d+\.\d+-sha-[0-9a-f]{10}\.tgz$/);

  const source = path.join(clone, 'packages', 'tini-client', 'src', 'index.ts');
  appendFileSync(source, "export const isNew = 'since this change';\n");
  const second = installed(app);

  expect(packedIn(app).sort()).toEqual([first, second].sort());
  expect(second).not.toBe(first);
  expect(old).not.toContain('since this change');
  expect(code()).toContain('since this change');
  const { version } = JSON.parse(
    readFileSync(path.join(app, 'node_modules', 'tiki-firebase-client', 'package.json'), 'utf8'),
  ) as { readonly version: string };
  expect(second).toBe(`tiki-firebase-client-${version}.tgz`);
  expect(
    existsSync(path.join(app, 'node_modules/tiki-firebase-client/dist/cjs/tiki-firebase.d.ts')),
  ).toBe(true);
});

it("packs the build of Google's SDK with --sdk", () => {
  const app = newApp('sdk-app');
  expect(pack(path.basename(app), '--sdk').status).toBe(0);
  const [file = ''] = packedIn(app);
  expect(file).toMatch(/^tiki-firebase-sdk-\d+\.\d+\.\d+-sha-[0-9a-f]{10}\.tgz$/);
  npm(app, 'install', `./${file}`);
  expect(
    existsSync(
      path.join(app, 'node_modules', 'tiki-firebase-sdk', 'dist', 'cjs', 'firebase-auth.js'),
    ),
  ).toBe(true);
});

it.each([
  ['tini-client', 'dist/cjs/tiki-firebase.js'],
  ['tini-firebase-sdk', 'dist/cjs/firebase-auth.js'],
])('is also packed by npm pack ./packages/%s, which builds it', (name, file) => {
  rmSync(path.join(clone, 'packages', name, 'dist'), { recursive: true, force: true });
  const answer = npm(clone, 'pack', `./packages/${name}`, '--dry-run', '--json');
  const [packed] = JSON.parse(answer.slice(answer.indexOf('[\n'))) as readonly [
    { readonly files: readonly { readonly path: string }[] },
  ];
  expect(packed.files.map((it) => it.path)).toContain(file);
});

it.each([
  ['an unknown option', ['app', '--port'], "'--port'"],
  ['no folder', [], 'One folder is needed.'],
  ['two folders', ['app', 'b'], 'One folder is needed.'],
  ['a folder without an app', ['clone/docs'], 'has no package.json'],
])('refuses %s and packs nothing', (_, args, reason) => {
  expect(pack(...args)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining(reason) as string,
  });
});
