import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { http } from './test-client';

const ROOT = join(__dirname, '../../..');

describe('the command line', () => {
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  function run(...args: string[]) {
    const main = join(__dirname, 'main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { cwd: ROOT });
    started.push(child);
    let output = '';
    const waiting: { readonly text: string; readonly seen: () => void }[] = [];
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      for (const { text, seen } of waiting) if (output.includes(text)) seen();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    return {
      child,
      output: () => output,
      ended: once(child, 'close').then(([code]) => code as number | null),
      says: (text: string) =>
        new Promise<void>((seen) => {
          waiting.push({ text, seen });
          hear(Buffer.of());
        }),
    };
  }

  it('prints its address, lists each call, and exits cleanly on Ctrl-C', async () => {
    const simulator = run('--port', '0', '--client-key', 'my-key');
    await simulator.says('Ctrl-C stops.');
    expect(simulator.output()).toMatch(/client key +my-key/);
    const baseUrl = /base URL +(http:\/\/127\.0\.0\.1:\d+\/tiniapp-open-api)/.exec(
      simulator.output(),
    );
    const answer = await http(`${baseUrl?.[1] ?? ''}/oauth/me`, {
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(400);
    await simulator.says('X-Tiniapp-Client-Id is missing');
    expect(simulator.output()).toMatch(
      /\d\d:\d\d:\d\d {2}\/oauth\/me {2}invalid_signature {2}\d+ ms/,
    );
    simulator.child.kill('SIGINT');
    expect(await simulator.ended).toBe(0);
  });

  it('prints what to do when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const simulator = run('--port', port);
    expect(await simulator.ended).toBe(1);
    expect(simulator.output()).toContain(`Port ${port} is in use`);
    expect(simulator.output()).not.toContain('    at ');
    other.close();
  });

  it('prints its usage with --help', async () => {
    const simulator = run('--help');
    expect(await simulator.ended).toBe(0);
    expect(simulator.output()).toContain('--client-secret <text>');
  });

  it.each([
    [['--port', 'http'], '--port must be a number from 0 to 65535, not "http"'],
    [['--prot', '1'], "Unknown option '--prot'"],
  ])('refuses %j', async (args, message) => {
    const simulator = run(...args);
    expect(await simulator.ended).toBe(1);
    expect(simulator.output()).toContain(message);
  });
});
