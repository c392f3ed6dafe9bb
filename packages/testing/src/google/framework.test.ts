import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type FunctionOptions, type RunningFunction, startFunction } from './framework';

let source: string;
let running: RunningFunction | undefined;

beforeEach(() => {
  source = mkdtempSync(join(tmpdir(), 'framework-'));
  symlinkSync(
    resolve(__dirname, '../../../../functions/node_modules'),
    join(source, 'node_modules'),
  );
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(source, { recursive: true });
});

async function start(options: Omit<FunctionOptions, 'source'> = {}): Promise<RunningFunction> {
  running = await startFunction({ source, ...options });
  return running;
}

function write(code: string): void {
  writeFileSync(join(source, 'index.js'), code);
}

describe('startFunction', () => {
  it('gives the function the variables of production and none of this process', async () => {
    process.env.FIREBASE_AUTH_EMULATOR_HOST = '127.0.0.1:9099';
    write('exports.auth = (req, res) => res.json(process.env);');
    const started = await start({ env: { TIKI_CLIENT_KEY: 'key' } });
    delete process.env.FIREBASE_AUTH_EMULATOR_HOST;
    const env: unknown = await (await fetch(started.origin)).json();
    await started.stop();
    expect(env).toMatchObject({
      FUNCTION_TARGET: 'auth',
      FUNCTION_SIGNATURE_TYPE: 'http',
      NODE_ENV: 'production',
      TIKI_CLIENT_KEY: 'key',
    });
    expect(env).not.toHaveProperty('FIREBASE_AUTH_EMULATOR_HOST');
    expect(env).not.toHaveProperty('HOME', process.env.HOME);
  });

  it('collects structured log entries from both streams', async () => {
    write(`const { onRequest } = require('firebase-functions/https');
      const logger = require('firebase-functions/logger');
      exports.other = onRequest((req, res) => {
        logger.info('seen', { path: req.path });
        logger.error('bad', { route: 'x' });
        console.log('plain');
        res.end();
      });`);
    const started = await start({ target: 'other' });
    await fetch(`${started.origin}/here`);
    await started.stop();
    expect(started.logs()).toEqual([
      expect.objectContaining({ severity: 'INFO', message: 'seen', path: '/here' }),
      // With LOG_EXECUTION_ID, as in production, plain lines become entries too.
      expect.objectContaining({ message: 'plain\n' }),
      expect.objectContaining({ severity: 'ERROR', route: 'x' }),
    ]);
    expect(started.stdout()).toContain('plain');
    expect(started.stderr()).toContain('"route":"x"');
  });

  it('reports and refuses a connection to a host that is not mapped', async () => {
    write(`exports.auth = (req, res) =>
      fetch('https://example.com').catch((e) => res.send(e.cause.code));`);
    const started = await start();
    expect(await (await fetch(started.origin)).text()).toBe('ENOTFOUND');
    expect(started.refusedConnections()).toEqual(['example.com:443']);
    await started.stop();
    expect(started.refusedConnections()).toEqual(['example.com:443']);
  });

  it('rejects with the output of a function that does not load', async () => {
    write(`throw new Error('broken on purpose');`);
    await expect(start()).rejects.toThrow(/broken on purpose/);
  });

  it('rejects when the function does not listen in time', async () => {
    write(`console.log('waiting'); while (true);`);
    await expect(start({ startTimeoutMs: 1500 })).rejects.toMatchObject({
      cause: expect.objectContaining({ message: 'not listening after 1500 ms' }) as Error,
    });
  });

  it('ends the function and its child processes, even if they ignore SIGTERM', async () => {
    const lifeline = net.createServer().listen(0, '127.0.0.1');
    await once(lifeline, 'listening');
    const connected = once(lifeline, 'connection') as Promise<[net.Socket]>;
    write(`const { spawn } = require('node:child_process');
      const code = 'process.on("SIGTERM", () => {}); net.connect(process.env.LIFELINE, "127.0.0.1")';
      spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
      exports.auth = (req, res) => res.end();`);
    // TCP servers have this kind of address.
    const { port } = lifeline.address() as net.AddressInfo;
    const started = await start({ env: { LIFELINE: String(port) } });
    const [socket] = await connected;
    socket.on('error', () => undefined).resume();
    const ended = once(socket, 'close');
    await started.stop();
    await ended;
    lifeline.close();
    await expect(fetch(started.origin)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});
