import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startGuarded } from './guarded-process';
import { LOOPBACK } from './ports';

/** Connects and keeps running; the connection closes when the process exits. */
const HANGING_PROCESS = `
  process.on('SIGINT', () => process.env.STUBBORN || process.exit(0));
  require('net').connect(Number(process.argv[1]), '127.0.0.1');
`;

let folder: string;
let server: net.Server;
let port: number;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'guard-test-'));
  server = net.createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function nextConnection(): Promise<net.Socket> {
  const [socket] = (await once(server, 'connection')) as [net.Socket];
  // A process that is killed may reset its connection instead of closing it.
  return socket.on('error', () => undefined).resume();
}

const options = () => ({ cwd: folder, env: { PATH: process.env['PATH'] ?? '' } });

describe('a guarded process', () => {
  it('is gone when stop() resolves', async () => {
    const guarded = startGuarded(
      process.execPath,
      ['-e', HANGING_PROCESS, String(port)],
      options(),
    );
    const socket = await nextConnection();
    const closed = once(socket, 'close');

    await guarded.stop();

    await closed;
    expect(await guarded.exited).toBe(0);
  });

  it('is killed with its children when it ignores SIGINT', async () => {
    const parentAndChild = `
      require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(HANGING_PROCESS)}, '${port}']);
      ${HANGING_PROCESS}`;
    const guarded = startGuarded(process.execPath, ['-e', parentAndChild, String(port)], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', STUBBORN: 'yes' },
    });
    const sockets = [await nextConnection(), await nextConnection()];
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));

    await guarded.stop();

    await closed;
    expect(await guarded.exited).toBe(1);
  });

  it('reports its exit code and output when it exits by itself', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 7;';
    const guarded = startGuarded(process.execPath, ['-e', script], options());

    expect(await guarded.exited).toBe(7);
    expect(guarded.output()).toContain('out\n');
    expect(guarded.output()).toContain('err\n');
  });

  it('reports a command that does not exist', async () => {
    const guarded = startGuarded(path.join(folder, 'no-such-command'), [], options());

    expect(await guarded.exited).toBe(127);
    expect(guarded.output()).toContain('no-such-command');
  });

  it('exits and removes its folder when the process that started it is killed', async () => {
    const staging = mkdtempSync(path.join(folder, 'staging-'));
    const hanging = path.join(folder, 'hanging.cjs');
    writeFileSync(hanging, HANGING_PROCESS.replace('process.argv[1]', 'process.argv[2]'));
    const guard = path.join(__dirname, 'guard.mjs');
    const args = JSON.stringify([guard, staging, process.execPath, hanging, String(port)]);
    const starter = `require('child_process').spawn(process.execPath, ${args},
      { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })`;
    const folderGone = new Promise<void>((resolve) => {
      const watcher = watch(folder, () => {
        if (existsSync(staging)) return;
        watcher.close();
        resolve();
      });
    });
    const parent = spawn(process.execPath, ['-e', starter], { stdio: 'ignore' });
    const socket = await nextConnection();
    const closed = once(socket, 'close');

    parent.kill('SIGKILL');

    await closed;
    await folderGone;
    expect(existsSync(staging)).toBe(false);
  });
});
