import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { packed, usePacked } from './packed';

const FUNCTIONS = resolve(__dirname, '../../..');
const ROOT = resolve(FUNCTIONS, '..');

interface Manifest {
  readonly private: boolean;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version: string; readonly integrity?: string }>
  >;
}

usePacked();

let project: string;
const installed = () => join(project, 'node_modules/tiki-firebase-bridge');
const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** What `firebase functions:kits:install` writes around a kit's package, and what a codebase may do. */
const CODEBASE = `
import { setGlobalOptions } from 'firebase-functions';
import type { CloudEvent, CloudFunction } from 'firebase-functions';
import { type HttpsFunction, onRequest } from 'firebase-functions/https';
import * as params from 'firebase-functions/params';
import type { ScheduleFunction } from 'firebase-functions/scheduler';
import { auth, gateway, pushPremium, reconcilePremium } from 'tiki-firebase-bridge';
import { verifySession } from 'tiki-firebase-bridge/sessions';
export const regionParam = params.defineString('FUNCTION_DEFAULT_REGION');
setGlobalOptions({ region: regionParam });
export * from 'tiki-firebase-bridge';
export const http: HttpsFunction = auth;
export const group = { auth, gateway };
export const event: CloudFunction<CloudEvent<unknown>> = pushPremium;
export const job: ScheduleFunction = reconcilePremium;
export const hello = onRequest(async (request, response) => {
  const result = await verifySession(request);
  response.send(result.ok ? result.session.uid : 'nobody');
});
// @ts-expect-error There is no such function.
export { login } from 'tiki-firebase-bridge';
`;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'packed-test-'));
  packed().installIn(project, { 'package.json': '{"type":"module"}', 'index.ts': CODEBASE });
});
afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

/** Runs a script of one of the root's packages: its exit code and what it printed. */
function run(script: string, ...args: readonly string[]) {
  const file = join(ROOT, 'node_modules', script);
  const options = { cwd: project, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], options);
  return { status, printed: stdout + stderr };
}

it('passes publint', () => {
  const { status, printed } = run('publint/src/cli.js', 'run', packed().file, '--strict');

  expect(printed).toContain('All good!');
  expect(status).toBe(0);
});

it('passes attw', () => {
  const { status, printed } = run(
    '@arethetypeswrong/cli/dist/index.js',
    ...[packed().file, '--no-color', '--format', 'ascii'],
    ...['--profile', 'node16', '--exclude-entrypoints', './package.json'],
  );

  expect(printed.match(/node16 \(from (CJS|ESM)\): 🟢/g)).toHaveLength(4);
  expect(status).toBe(0);
});

it('has types that a strict codebase compiles with, without our sources', () => {
  const { status, printed } = run(
    'typescript/bin/tsc',
    ...['--strict', '--noEmit', '--target', 'es2022', '--types', 'node'],
    ...['--typeRoots', join(ROOT, 'node_modules/@types')],
    ...['--module', 'nodenext', '--moduleResolution', 'nodenext', 'index.ts'],
  );

  expect([status, printed]).toEqual([0, '']);
});

it('can be packed, but not be published by accident', () => {
  const manifest = readJson(join(installed(), 'package.json')) as Manifest;

  expect(manifest.private).toBe(true);
});

it('has a runtime in engines, as the Firebase CLI takes it of a kit', () => {
  const { engines } = readJson(join(installed(), 'package.json')) as Manifest;
  const firebaseJson = readJson(join(ROOT, 'firebase.json')) as {
    readonly functions: readonly { readonly runtime: string }[];
  };

  expect(`nodejs${engines.node}`).toBe(firebaseJson.functions[0]?.runtime);
});

it("locks what it loads, in our lockfile's versions, and shares Firebase's packages", () => {
  const { dependencies } = readJson(join(installed(), 'package.json')) as Manifest;
  const wrap = readJson(join(installed(), 'npm-shrinkwrap.json')) as Lock;
  const lock = readJson(join(FUNCTIONS, 'package-lock.json')) as Lock;
  const shared = ['firebase-admin', 'firebase-functions'];
  const { '': root, ...locked } = wrap.packages;

  for (const name of Object.keys(dependencies)) {
    expect([name, `node_modules/${name}` in locked]).toEqual([name, !shared.includes(name)]);
  }
  for (const [at, { version, integrity }] of Object.entries(locked)) {
    expect(lock.packages[at]).toMatchObject({ version, integrity });
  }
  expect(root).not.toHaveProperty('devDependencies');
  expect(JSON.stringify(wrap)).not.toMatch(/"resolved"|https?:\/\/registry/);
  expect(existsSync(join(FUNCTIONS, 'npm-shrinkwrap.json'))).toBe(false);
});

/** What each packed file loads that is not in it, as it stands in `require(…)` or `import(…)`. */
function loadedBy(): readonly { readonly file: string; readonly name: string }[] {
  const lib = join(installed(), 'lib');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => {
      const text = readFileSync(join(lib, file), 'utf8');
      const calls = text.matchAll(/\b(?:require|import)\("([^"]+)"\)/g);
      return [...new Set([...calls].map(([, name = '']) => name))]
        .filter((name) => !isBuiltin(name))
        .map((name) => ({ file: join(lib, file), name }));
    });
}

it('has in it, or depends on, all that its files load sooner or later', () => {
  const { dependencies } = readJson(join(installed(), 'package.json')) as Manifest;
  const all = loadedBy();
  const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
  const names = [...new Set(all.map(({ name }) => name))].filter((name) => !name.startsWith('.'));

  for (const { file, name } of all.filter(({ name }) => name.startsWith('.'))) {
    expect([name, existsSync(resolve(dirname(file), name))]).toEqual([name, true]);
  }
  expect(names.filter((name) => !(packageOf(name) in dependencies))).toEqual([]);
  expect(names).toEqual(
    expect.arrayContaining(['@opentelemetry/sdk-trace-base', 'firebase-admin/storage']),
  );
  const lazy = [...names, './backend/assemble.js', './push/assemble.js'];
  const script = `for (const name of ${JSON.stringify(lazy)}) require(name);`;
  const options = { cwd: join(installed(), 'lib'), encoding: 'utf8' } as const;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], options);
  expect([status, stderr]).toEqual([0, '']);
});

it('has the pages that alerts and help name', () => {
  const alerts = join(installed(), 'infra/monitoring/alerts');
  const named = readdirSync(alerts).flatMap((file) => {
    const [, page = '', heading = ''] =
      /(docs\/[\w.-]+\.md)#([\w-]+)/.exec(readFileSync(join(alerts, file), 'utf8')) ?? [];
    const text =
      existsSync(join(installed(), page)) && readFileSync(join(installed(), page), 'utf8');
    return [{ file, isThere: text !== false && text.includes(`# ${heading}\n`) }];
  });

  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ isThere }) => !isThere)).toEqual([]);
  expect(existsSync(join(installed(), 'docs/adopt.md'))).toBe(true);
});

it('has infra/setup.sh, executable, with all that it reads', () => {
  const { status, stdout } = spawnSync(join(installed(), 'infra/setup.sh'), ['--help']);
  const needs = (folder: string) =>
    spawnSync(process.execPath, ['infra/needs.mjs', 'payments'], { cwd: folder, encoding: 'utf8' });
  const script = readFileSync(join(installed(), 'infra/setup.sh'), 'utf8');
  const read = [...script.matchAll(/"\$here\/([\w.-]+)"|=\$here\/([\w.-]+)"/g)];

  expect([status, String(stdout)]).toEqual([0, expect.stringContaining('Usage: ')]);
  expect(needs(installed())).toMatchObject({ status: 0, stdout: needs(ROOT).stdout, stderr: '' });
  expect(read.map(([, sourced, policy]) => sourced ?? policy)).toContain('image-cleanup.json');
  for (const [, sourced, policy] of read) {
    expect(existsSync(join(installed(), 'infra', sourced ?? policy ?? ''))).toBe(true);
  }
});

it('has the defaults of all parameters, for the .env file of another codebase', () => {
  const parameters = readFileSync(join(installed(), 'lib/parameters.env'), 'utf8');

  expect(parameters).toMatch(/^PATH_PREFIX=$/m);
  expect(parameters).not.toMatch(/NODE_OPTIONS|SECRET/);
  expect(
    parameters
      .trimEnd()
      .split('\n')
      .filter((line) => !/^[A-Z_]+=/.test(line)),
  ).toEqual([]);
});

it("has the operator's command line in it, which works in the current folder", () => {
  const { bin } = readJson(join(installed(), 'package.json')) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  const cli = join(installed(), bin['tiki-firebase-bridge'] ?? '');
  const cwd = join(project, 'shop');
  mkdirSync(join(cwd, 'functions'), { recursive: true });
  writeFileSync(join(cwd, 'firebase.json'), '{"functions":{"source":"functions"}}');
  const manifest = '{"dependencies":{"tiki-firebase-bridge":"file:./packed.tgz"}}';
  writeFileSync(join(cwd, 'functions/package.json'), manifest);
  writeFileSync(join(cwd, 'functions/.env.shop-1234'), 'TIKI_CLIENT_SECRET=a');
  // The Firebase CLI is not installed with it: the one on PATH is used.
  const env = { PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}` };
  const options = { cwd, env, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, [cli, 'doctor', '--json'], options);

  expect(stderr).toBe('');
  const findings = JSON.parse(stdout) as {
    readonly check: string;
    readonly message: string;
    readonly remedy?: string;
  }[];
  expect(findings.find(({ check }) => check === 'parameter-files')?.message).toContain(
    'TIKI_CLIENT_SECRET stands in functions/.env.shop-1234',
  );
  expect(stdout).not.toContain('stumbled');
  expect(findings.find(({ check }) => check === 'real-project')?.remedy).toBe(
    'npm exec --no --prefix functions -- tiki-firebase-bridge doctor --project <project id>',
  );
});

import './own-codebase';
import './kit';
import './emulators';
