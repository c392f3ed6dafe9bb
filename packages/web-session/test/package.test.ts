import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { type Build, buildPackage } from '@tiki-bridge/testing/tini-runtime/build';

const FOLDER = path.join(PROJECT_ROOT, 'packages', 'web-session');

interface Manifest {
  readonly exports: Readonly<
    Record<string, string | { readonly types: string; readonly default: string }>
  >;
  readonly files: readonly string[];
}
const manifest = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as Manifest;

let build: Build;
/** The package as npm installs it. */
let installed: string;
let tarball: string;
beforeAll(() => {
  build = buildPackage('web-session');
  installed = mkdtempSync(path.join(os.tmpdir(), 'web-session-package-'));
  for (const file of ['package.json', 'README.md', 'LICENSE']) {
    cpSync(path.join(FOLDER, file), path.join(installed, file));
  }
  cpSync(build.folder, path.join(installed, 'dist'), { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent'];
  const options = {
    cwd: installed,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  } as const;
  tarball = path.join(installed, execFileSync('npm', pack, options).trim());
});
afterAll(() => {
  build.remove();
  rmSync(installed, { recursive: true, force: true });
});

/** Runs a script of one of the root's packages: its exit code and what it printed. */
function run(script: string, ...args: readonly string[]) {
  const file = path.join(PROJECT_ROOT, 'node_modules', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: installed,
    encoding: 'utf8',
  });
  return { status, printed: stdout + stderr };
}

it('exports files that are built, and packs its licence', () => {
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : [target.types, target.default],
  );

  expect(targets.filter((file) => !existsSync(path.join(installed, file)))).toEqual([]);
  expect(manifest.files).toEqual(['dist', 'LICENSE', 'README.md']);
  expect(readFileSync(path.join(FOLDER, 'LICENSE'), 'utf8')).toBe(
    readFileSync(path.join(PROJECT_ROOT, 'LICENSE'), 'utf8'),
  );
  expect(Object.keys(manifest).filter((field) => /dependencies/i.test(field))).toEqual([
    'devDependencies',
  ]);
});

it('passes publint', () => {
  const { status, printed } = run('publint/src/cli.js', 'run', tarball, '--strict');

  expect(printed).not.toMatch(/^(Errors|Warnings):/m);
  expect(status).toBe(0);
});

it('passes attw, as a package of ES modules', () => {
  const { status, printed } = run(
    '@arethetypeswrong/cli/dist/index.js',
    tarball,
    ...['--no-color', '--format', 'ascii'],
    ...['--profile', 'esm-only', '--exclude-entrypoints', './package.json', './session-worker.js'],
  );

  // Each of the three entries.
  expect(printed.match(/node16 \(from ESM\): 🟢/g)).toHaveLength(3);
  expect(status).toBe(0);
});

it('has types that mean something to a page in TypeScript', () => {
  const module = path.join(installed, 'node_modules', 'tiki-firebase-web-session');
  cpSync(path.join(installed, 'dist'), path.join(module, 'dist'), { recursive: true });
  cpSync(path.join(installed, 'package.json'), path.join(module, 'package.json'));
  writeFileSync(
    path.join(installed, 'page.mts'),
    `import { SessionError, startSession, type User } from 'tiki-firebase-web-session';
    import { handOver } from 'tiki-firebase-web-session/hand-over';
    import { type PushMessage, type PushState, startPush } from 'tiki-firebase-web-session/push';
    const session = startSession({ worker: '/session-worker.js' });
    export const user: Promise<User> = handOver(session, { timeoutMs: 1 });
    export const uid: Promise<string | undefined> = session.user().then((it) => it?.uid);
    export const stop: () => void = session.onChange((it) => it?.name);
    export const codeOf = (error: SessionError): string => error.code;
    const firebase = { apiKey: '', appId: '', messagingSenderId: '', projectId: '' };
    const push = startPush(session, { firebase, vapidKey: '', language: 'vi' });
    export const state: Promise<PushState> = push.turnOn();
    export const ignored: () => void = push.onMessage((it: PushMessage) => it.path);
    // @ts-expect-error A custom token is a string.
    void session.signIn(7);
    // @ts-expect-error There is no such option.
    void session.signOut({ here: true });`,
  );
  const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom'];
  const kinds = ['nodenext', 'bundler'].map((resolution) =>
    run(
      'typescript/bin/tsc',
      ...options,
      ...['--module', resolution === 'bundler' ? 'esnext' : 'nodenext'],
      ...['--moduleResolution', resolution, 'page.mts'],
    ),
  );

  expect(kinds).toEqual([
    { status: 0, printed: '' },
    { status: 0, printed: '' },
  ]);
});

describe('the sizes', () => {
  const measure = () =>
    spawnSync(process.execPath, [path.join(FOLDER, 'size.mjs'), '--out', build.folder], {
      encoding: 'utf8',
    });

  it('are within their limits, and are printed', () => {
    const { status, stdout } = measure();

    expect(stdout).toMatch(/^session-worker\.js: \d+ bytes minified, \d+ gzip \(limit \d+\)$/m);
    expect(stdout).toMatch(/^push\.js: .+ gzip \(limit \d+\)$/m);
    expect(status).toBe(0);
  });

  it('fail the build above them', () => {
    // Random text, since gzip removes any other.
    appendFileSync(path.join(build.folder, 'session.js'), `//${noise(3000)}`);

    expect(measure()).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('TOO LARGE') as string,
    });
  });
});

const noise = (length: number) =>
  Array.from({ length }, () => Math.random().toString(36).slice(2, 3)).join('');

it('loads no Firebase on a page without notifications', () => {
  const built = (file: string) => readFileSync(path.join(installed, 'dist', file), 'utf8');
  const others = readdirSync(path.join(installed, 'dist')).filter(
    (file) => file.endsWith('.js') && !['push.js', 'session-worker.js'].includes(file),
  );

  expect(built('push.js')).toContain('fcmregistrations.googleapis.com');
  expect(built('push.js')).toMatch(/^\/\*! .+Copyright Google LLC/);
  expect(others.length).toBeGreaterThan(2);
  for (const file of others) expect(built(file)).not.toContain('googleapis');
});

it('keeps the user and nothing else in the worker: no key, no project, no address but its own', () => {
  const worker = readFileSync(path.join(installed, 'dist', 'session-worker.js'), 'utf8');

  expect(worker).not.toMatch(/AIza|sourceMappingURL|eval\(/);
  expect(worker).toContain('"gateway"');
  // Google's hosts are only names for the gateway's paths: see gateway-fetch.ts.
  expect(worker).not.toContain('self.fetch');
});
