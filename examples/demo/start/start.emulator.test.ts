import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { LOOPBACK } from '@tiki-bridge/testing/emulators/ports';
import { PROJECT_ROOT, readFirebaseJson } from '@tiki-bridge/testing/emulators/project-files';

let temporaryFolder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  temporaryFolder = mkdtempSync(path.join(os.tmpdir(), 'start-test-'));
});

afterEach(() => {
  // Something only runs here after a failure; its child processes exit with it.
  for (const { pid, exitCode, signalCode } of children.splice(0)) {
    if (pid !== undefined && exitCode === null && signalCode === null)
      process.kill(-pid, 'SIGKILL');
  }
  rmSync(temporaryFolder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves when the output contains the text; rejects when the program ends without it. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<number>;
}

/** Runs a command like a terminal, in its own process group. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const child = spawn(command, args, {
    cwd: PROJECT_ROOT,
    env: { ...process.env, TMPDIR: temporaryFolder, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  children.push(child);
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'close').then(() => child.exitCode ?? -1);
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.includes(text)) resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => {
        reject(new Error(`It ended without saying "${text}":\n${output}`));
      });
    });
  return { child, output: () => output, says, ended };
}

const npmStart = (...args: readonly string[]) => run('npm', ['start', '--', ...args]);

/** The script of `npm start`, without npm, which exits with the signal whatever its script does. */
const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, ['bootstrap.mjs', 'examples/demo/start/main.ts', ...args], env);

/** The process and all its descendants, by `ps`. */
function familyOf(ancestor: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const family = [ancestor];
  // The list grows during the loop to include children of children.
  for (const member of family) {
    for (const [pid, parent] of rows) if (parent === member && pid) family.push(pid);
  }
  return family;
}

/** Those that are still running; excludes zombies ("Z"). */
function alive(family: readonly number[]): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,stat='], { encoding: 'utf8' }).split('\n');
  const running = new Set(
    rows
      .map((row) => row.trim().split(/\s+/))
      .filter(([, state]) => !state?.startsWith('Z'))
      .map(([pid]) => Number(pid)),
  );
  return family.filter((pid) => running.has(pid));
}

function leftFolders(): string[] {
  return readdirSync(temporaryFolder).filter((name) => name.startsWith('tiki-bridge-'));
}

/** What `npx firebase setup:emulators:ui` downloads, as far as firebase-tools looks at it. */
function installEmulatorUi(): string {
  const { ui } = jest.requireActual<{
    readonly ui: { readonly main: { readonly version: string } };
  }>('firebase-tools/lib/emulator/downloadableEmulatorInfo.json');
  const folder = path.join(temporaryFolder, `ui-v${ui.main.version}`);
  for (const [file, text] of [
    ['server/server.mjs', ''],
    ['client/index.html', 'the UI'],
  ] as const) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return temporaryFolder;
}

describe('npm start -- --once', () => {
  it('logs one customer in, prints each step without a complete token, and exits with 0', async () => {
    const started = npmStart('--once');

    expect(await started.ended).toBe(0);
    expect(started.output()).toContain('POST /auth_exchange');
    expect(started.output()).toContain('signInWithCustomToken');
    expect(started.output()).toContain('Logged in as Nguyễn Văn Tiki (tiki:9007199254740993)');
    // Header and payload of a JSON Web Token both start with {" in base64url.
    expect(started.output()).not.toMatch(/eyJ[\w-]+\.eyJ/);
    expect(leftFolders()).toEqual([]);
  });

  it('exits with 1 and the reason when something fails', async () => {
    writeFileSync(
      path.join(temporaryFolder, 'npm'),
      '#!/bin/sh\necho "Expected ; in index.ts" >&2\nexit 1\n',
      { mode: 0o755 },
    );

    const broken = start(['--once'], { PATH: `${temporaryFolder}:/usr/bin:/bin` });

    expect(await broken.ended).toBe(1);
    expect(broken.output()).toContain('Building the functions failed.');
    expect(broken.output()).toContain('Expected ; in index.ts');
  });
});

describe('npm start', () => {
  it('prints the addresses, rebuilds on a change, and leaves nothing running after Ctrl-C', async () => {
    const started = start(['--free-ports'], { FIREBASE_EMULATORS_PATH: installEmulatorUi() });
    await started.says('Ctrl-C stops everything');
    const shown = (name: string) =>
      new RegExp(`${name}\\s+(http://\\S+)`).exec(started.output())?.[1] ?? 'not shown';
    const demoPage = shown('Demo page');
    expect((await fetch(demoPage)).status).toBe(200);
    expect(await (await fetch(`${demoPage}/demo-config.json`)).json()).toMatchObject({
      emulatorUiOrigin: shown('Emulator UI'),
      webOrigin: shown('Web pages'),
    });
    expect(await (await fetch(shown('Web pages'))).text()).toContain('id="sign-in"');
    expect(await (await fetch(`${shown('Emulator UI')}/auth`)).text()).toBe('the UI');
    await started.says('export FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:');
    // Where Firestore's engine is not installed, nothing is granted, and nothing is printed.
    const grant = /npm run (premium -- grant .*)/.exec(started.output())?.[1];
    if (grant !== undefined) {
      const premium = run('npm', ['run', ...grant.split(' ')]);
      expect(await premium.ended).toBe(0);
      expect(premium.output()).toMatch(/Acting on the emulators at 127\.0\.0\.1:\d+, 127/);
      expect(premium.output()).toContain('Granted 30 days');
      expect(started.output()).toMatch(/Simulated FCM +http:\/\/127/);
      expect(started.output()).toContain('npm run bridge -- push send tiki:27051990 --title');
    }
    const now = new Date();
    utimesSync(path.join(PROJECT_ROOT, 'functions', 'src', 'index.ts'), now, now);
    await started.says('✔ Rebuilding the functions');
    const group = started.child.pid ?? 0;
    const family = familyOf(group);
    expect(alive(family).length).toBeGreaterThan(5);

    process.kill(-group, 'SIGINT');

    expect(await started.ended).toBe(0);
    expect(started.output()).toContain('Stopped.');
    expect(alive(family)).toEqual([]);
    expect(leftFolders()).toEqual([]);
    await expect(fetch(demoPage)).rejects.toThrow();
  });

  it('explains a busy port, how to find its owner, and the alternative', async () => {
    const { port } = readFirebaseJson().emulators.hosting;
    const occupant = net.createServer().listen(port, LOOPBACK);
    // If another process already uses the port, it is busy as well.
    await Promise.race([once(occupant, 'listening'), once(occupant, 'error')]);
    try {
      const started = npmStart();

      expect(await started.ended).toBe(1);
      expect(started.output()).toContain(
        `Port ${port} is already in use, but needed for the Hosting emulator and demo page.`,
      );
      expect(started.output()).toContain(`lsof -i :${port}`);
      expect(started.output()).toContain('npm start -- --free-ports');
    } finally {
      occupant.close();
    }
  });

  it('explains an unknown option', async () => {
    const started = npmStart('--twice');

    expect(await started.ended).toBe(2);
    expect(started.output()).toContain("Unknown option '--twice'");
    expect(started.output()).toContain('npm start -- --once');
  });
});
