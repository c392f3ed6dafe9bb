import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LogEntry } from 'firebase-functions/logger';
import type { Handler } from '../http/handler';
import { takeOver, throughExpress } from './take-over';

const ours: Handler = (_, response) => {
  response.end('ours');
  return Promise.resolve();
};

describe('takeOver', () => {
  let source: string;
  let exported: unknown;
  const servers: Server[] = [];
  beforeAll(() => {
    source = mkdtempSync(path.join(tmpdir(), 'take-over-'));
    writeFileSync(
      path.join(source, 'index.js'),
      'exports.auth = () => {}; exports.own = () => {};',
    );
    const module: unknown = createRequire(path.join(source, 'index.js'))('./index.js');
    exported = (module as { readonly auth: unknown }).auth;
  });
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  afterAll(() => {
    rmSync(source, { recursive: true });
  });

  async function listen(): Promise<number> {
    const server = createServer((_, response) => {
      response.end('Express');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  const bodyFrom = async (port: number, headers: Record<string, string> = {}) =>
    (await fetch(`http://127.0.0.1:${port}/any`, { headers })).text();

  /** A process that functions-framework runs in. */
  function host(args: readonly string[], env: NodeJS.ProcessEnv) {
    const process = Object.assign(new EventEmitter(), {
      argv: ['node', 'main.js', `--source=${source}`, ...args],
      cwd: () => source,
      env,
      exit: () => undefined,
    });
    // All of a process that the seam uses.
    return process as unknown as NodeJS.Process;
  }

  it('answers with our handler where the framework serves our function, and drains', async () => {
    const port = await listen();
    const process = host([`--port=${port}`], { FUNCTION_TARGET: 'auth' });
    takeOver([{ exported, handler: ours }], process);
    expect(await bodyFrom(port)).toBe('ours');
    expect(await bodyFrom(port)).toBe('ours');
    expect(process.listenerCount('SIGTERM')).toBe(1);
    // A caller who never reads holds an answer for no longer.
    expect(servers[0]?.timeout).toBe(30_000);
  });

  it('takes the first server where any port may be', async () => {
    const port = await listen();
    takeOver([{ exported, handler: ours }], host([], { FUNCTION_TARGET: 'auth', PORT: '0' }));
    expect(await bodyFrom(port)).toBe('ours');
  });

  it('does not touch a server on another port', async () => {
    const [other, frameworks] = [await listen(), await listen()];
    const env = { FUNCTION_TARGET: 'auth', PORT: String(frameworks) };
    takeOver([{ exported, handler: ours }], host([], env));
    expect(await bodyFrom(other)).toBe('Express');
    expect(await bodyFrom(frameworks)).toBe('ours');
    expect(await bodyFrom(other)).toBe('Express');
  });

  it.each([
    ["the code base's own function", { FUNCTION_TARGET: 'own' }],
    ['a function that is not there', { FUNCTION_TARGET: 'auth.nothing' }],
    ['the emulator', { FUNCTION_TARGET: 'auth', FUNCTIONS_EMULATOR: 'true' }],
    ['a process without a target', {}],
  ])('leaves to Express: %s', async (_, env) => {
    const port = await listen();
    const process = host([`--port=${port}`], env);
    takeOver([{ exported, handler: ours }], process);
    expect(await bodyFrom(port)).toBe('Express');
    expect(process.listenerCount('SIGTERM')).toBe(0);
  });
});

describe('throughExpress', () => {
  const call = async (env: NodeJS.ProcessEnv) => {
    const entries: LogEntry[] = [];
    const handler = throughExpress(
      () => Promise.resolve(),
      env,
      (entry) => entries.push(entry),
    );
    // The handler uses neither.
    for (let i = 0; i < 3; i += 1) await handler({} as never, {} as never);
    return entries.map(({ severity }) => severity);
  };

  it('logs once that the framework was not found, but not in the emulator', async () => {
    expect(await call({})).toEqual(['WARNING']);
    expect(await call({ FUNCTIONS_EMULATOR: 'true' })).toEqual([]);
  });
});
