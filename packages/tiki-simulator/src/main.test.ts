import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { tikiSignature } from './signature';
import { http, NEW_ORDER, orderOf } from './test-client';

function portOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? String(address.port) : '';
}

const ROOT = join(__dirname, '../../..');

describe('the command line', () => {
  const started: ChildProcess[] = [];
  const servers: Server[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    for (const server of servers.splice(0)) server.close();
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
      /\d\d:\d\d:\d\d {2}POST \/oauth\/me {2}invalid_signature {2}\d+ ms/,
    );
    simulator.child.kill('SIGINT');
    expect(await simulator.ended).toBe(0);
  });

  it('forwards notifications, which another command triggers', async () => {
    const backend = createHttpServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
    servers.push(backend);
    await once(backend, 'listening');
    const forwardTo = `http://127.0.0.1:${portOf(backend)}/tiki_ipn`;
    const simulator = run('listen', '--forward-to', forwardTo, '--port', '0');
    await simulator.says('Ctrl-C stops.');
    expect(simulator.output()).toContain(forwardTo);
    const baseUrl = /http:\/\/127\.0\.0\.1:(\d+)\/tiniapp-open-api/.exec(simulator.output());
    const port = baseUrl?.[1] ?? '';

    const body = JSON.stringify(NEW_ORDER);
    const key = 'demo-client-key';
    const timestamp = String(Date.now());
    const signed = { timestamp, clientKey: key, content: Buffer.from(body) };
    const headers = {
      'Content-Type': 'application/json',
      'X-Tiniapp-Client-Id': key,
      'X-Tiniapp-Timestamp': timestamp,
      'X-Tiniapp-Signature': tikiSignature('demo-client-secret', signed),
    };
    const { id } = orderOf(await http(`${baseUrl?.[0] ?? ''}/order/multi-sku`, { headers, body }));
    const trigger = run('trigger', 'online_paid', '--port', port);
    expect(await trigger.ended).toBe(0);
    expect(trigger.output()).toContain(`Order ${id} is online_paid.`);
    await simulator.says(`IPN online_paid of order ${id}  200  attempt 1`);
    expect(simulator.output()).toContain(`order ${id} draft  49000 VND  o1`);
  });

  it('prints what to do when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = portOf(other);
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
