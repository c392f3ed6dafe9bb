import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');

/** Replaces npm: records each call, and installs by linking the packages installed here. */
const FAKE_NPM = `
const fs = require('fs');
fs.appendFileSync(process.env.NPM_CALLS, process.cwd() + ' ' + process.argv[2] + '\\n');
fs.rmSync('node_modules', { recursive: true, force: true });
fs.mkdirSync('node_modules');
if (process.env.NPM_FAILS) process.exit(9);
fs.symlinkSync(process.env.REAL_TSX, 'node_modules/tsx');
`;

let project: string;

beforeEach(() => {
  // The real path, as process.cwd() returns it: on macOS the temporary folder is a link.
  project = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'bootstrap-test-')));
  mkdirSync(path.join(project, 'functions'));
  copyFileSync(path.join(ROOT, 'bootstrap.mjs'), path.join(project, 'bootstrap.mjs'));
  writeFileSync(path.join(project, 'npm-cli.js'), FAKE_NPM);
  writeFileSync(path.join(project, 'npm-calls'), '');
  writeLock('', '1.0.0');
  writeLock('functions', '1.0.0');
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

function writeLock(folder: string, version: string): void {
  const lock = { packages: { '': {}, 'node_modules/tsx': { version } } };
  writeFileSync(path.join(project, folder, 'package-lock.json'), JSON.stringify(lock));
}

function bootstrap(args: readonly string[], env: NodeJS.ProcessEnv = {}, node: string[] = []) {
  const run = spawnSync(process.execPath, [...node, path.join(project, 'bootstrap.mjs'), ...args], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      npm_execpath: path.join(project, 'npm-cli.js'),
      NPM_CALLS: path.join(project, 'npm-calls'),
      REAL_TSX: path.join(ROOT, 'node_modules', 'tsx'),
      ...env,
    },
  });
  return { code: run.status, output: run.stdout + run.stderr };
}

const installs = () =>
  readFileSync(path.join(project, 'npm-calls'), 'utf8').trim().split('\n').filter(Boolean);

describe('bootstrap', () => {
  it('installs the root and functions/ once, and says so', () => {
    const first = bootstrap([]);
    const second = bootstrap([]);

    expect(first.output).toContain('Installing packages for the project (npm ci)');
    expect(first.output).toMatch(/Installed packages for functions\/ in \d+\.\d s\./);
    expect(second).toEqual({ code: 0, output: '' });
    expect(installs()).toEqual([`${project} ci`, `${path.join(project, 'functions')} ci`]);
  });

  it('installs again where package-lock.json has changed, and only there', () => {
    bootstrap([]);
    writeLock('functions', '2.0.0');
    bootstrap([]);

    expect(installs()).toHaveLength(3);
    expect(installs().at(-1)).toBe(`${path.join(project, 'functions')} ci`);
  });

  it('notices an install that was cut short', () => {
    expect(bootstrap([], { NPM_FAILS: 'yes' }).code).toBe(9);
    expect(existsSync(path.join(project, 'node_modules'))).toBe(true);

    expect(bootstrap([]).code).toBe(0);
    expect(installs()).toHaveLength(3);
  });

  it('takes packages that somebody has installed by hand', () => {
    for (const folder of [project, path.join(project, 'functions')]) {
      mkdirSync(path.join(folder, 'node_modules'));
      copyFileSync(
        path.join(folder, 'package-lock.json'),
        path.join(folder, 'node_modules', '.package-lock.json'),
      );
    }

    expect(bootstrap([])).toEqual({ code: 0, output: '' });
    expect(installs()).toEqual([]);
  });

  it('runs a TypeScript file with its arguments and ends with its exit code', () => {
    writeFileSync(
      path.join(project, 'script.ts'),
      'const code: number = Number(process.argv[2]); console.log(`code ${code}`); process.exit(code);',
    );

    const run = bootstrap(['script.ts', '7']);

    expect(run.code).toBe(7);
    expect(run.output).toContain('code 7');
  });

  it.each(['18.20.8', '20.5.1'])('tells somebody with Node %s what to do', (version) => {
    const old = path.join(project, 'old-node.cjs');
    writeFileSync(old, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);

    const run = bootstrap([], {}, ['--require', old]);

    expect(run.code).toBe(1);
    expect(run.output).toContain(`needs Node.js 20.6 or newer; this is Node.js ${version}.`);
    expect(run.output).toContain('https://nodejs.org');
    expect(installs()).toEqual([]);
  });

  it('reaches the script with a signal once, and waits for its own end', () => {
    const script = path.join(project, 'script.ts');
    // The script interrupts its parent, as `kill -INT` would.
    writeFileSync(
      script,
      `let signals = 0;
       process.on('SIGINT', () => { signals += 1; setImmediate(() => { console.log('signals ' + signals); process.exit(5); }); });
       process.kill(process.ppid, 'SIGINT');
       setInterval(() => undefined, 1000);`,
    );

    const run = bootstrap(['script.ts']);

    expect(run.output).toContain('signals 1');
    expect(run.code).toBe(5);
  });
});
