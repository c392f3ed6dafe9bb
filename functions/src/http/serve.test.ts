import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../clock';
import { Problem } from '../problem';
import { jsonAnswer } from './answer';
import { parseJson, readBody, requireSmallBody } from './body';
import { serve, type Operation, type ServeOptions } from './serve';

const TRACE_ID = '0123456789abcdef0123456789abcdef';
const LONG = 'x'.repeat(5_000);

describe('serve', () => {
  let server: Server;
  let entries: LogEntry[];
  let origin: string;

  async function listen(run: Operation['run'], options: Partial<ServeOptions> = {}) {
    entries = [];
    const handler = serve({
      sources: ['/exact', '/below/**'],
      service: () => ({
        routes: [
          {
            source: '/exact',
            name: 'exact',
            cors: { methods: 'POST', headers: 'Content-Type' },
            operationsAt: () => ({ POST: { name: 'exact', run } }),
          },
          {
            source: '/below/**',
            operationsAt: ({ url }) =>
              url === '/below/it' ? { GET: { name: 'it', run } } : undefined,
          },
        ],
        allowedOrigins: new Set(['https://a.example']),
        maxInFlight: 10,
        secrets: ['canary-secret'],
      }),
      timeoutMs: 8_000,
      pathPrefix: undefined,
      projectId: 'demo',
      clock: systemClock,
      newRequestId: () => 'new-request-id',
      log: (entry) => entries.push(entry),
      ...options,
    });
    server = createServer((request, response) => void handler(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const post = (path: string, init: RequestInit = {}) =>
    fetch(origin + path, { method: 'POST', ...init });
  const ok: Operation['run'] = () => Promise.resolve({ answer: jsonAnswer({ uid: 'tiki:1' }) });

  it('answers with a body and writes one entry', async () => {
    await listen(ok);
    const response = await post('/exact');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"uid":"tiki:1"}');
    expect(response.headers.get('x-request-id')).toBe('new-request-id');
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ route: 'exact', outcome: 'ok', status: 200 });
  });

  it('makes an unexpected error internal and keeps its secrets out of the log', async () => {
    const error = new TypeError('cannot read canary-code with canary-secret');
    await listen(() => Promise.reject(error));
    const response = await post('/exact');
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(body).toContain('"code":"internal"');
    expect(body).not.toMatch(/canary|TypeError/);
    expect(entries[0]).toMatchObject({ severity: 'ERROR', error: { name: 'TypeError' } });
    expect(JSON.stringify(entries)).not.toContain('canary-secret');
  });

  it('logs what is known of a failed operation', async () => {
    const problem = new Problem('invalid-code');
    const facts = { uid: 'tiki:7', steps: [{ name: 'tiki', from: 1, to: 6, failed: true }] };
    await listen(() => Promise.resolve({ problem, facts }));
    expect((await post('/exact')).status).toBe(401);
    expect(entries[0]).toMatchObject({ outcome: 'invalid-code', uid: 'tiki:7', ms: { tiki: 5 } });
  });

  it.each([
    ['/elsewhere', 404],
    ['/exact/', 404],
    ['/exact?a=b', 200],
    ['/below', 404],
    ['/below/', 404],
    ['/below/it', 405],
    ['/below/nothing', 404],
  ])('finds what is at %s', async (path, status) => {
    await listen(ok);
    expect((await post(path)).status).toBe(status);
  });

  it('knows what is not there without any configuration', async () => {
    await listen(ok, {
      service: () => {
        throw new Problem('misconfigured');
      },
    });
    expect((await post('/elsewhere')).status).toBe(404);
    expect((await post('/exact')).status).toBe(500);
  });

  it('names the methods of an address, and no property of objects', async () => {
    await listen(ok);
    const response = await fetch(`${origin}/exact`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('judges a body by its headers before it reads any of it', async () => {
    await listen(async ({ request }) => {
      requireSmallBody(request, 10);
      const body = parseJson(await readBody(request, { maxBytes: 10, timeoutMs: 60_000 }));
      return { answer: jsonAnswer({ body }) };
    });
    const json = { 'Content-Type': 'application/json' };
    expect((await post('/exact', { headers: json, body: '"12345678"' })).status).toBe(200);
    expect((await post('/exact', { headers: json, body: '"123456789"' })).status).toBe(413);
    expect((await post('/exact', { body: '{}' })).status).toBe(415);
    expect((await post('/exact', { headers: json, body: '{' })).status).toBe(400);
  });

  it('takes trace and execution id only in their documented shape', async () => {
    await listen(ok);
    const send = async (trace: string, execution: string) => {
      await post('/exact', {
        headers: { 'X-Cloud-Trace-Context': trace, 'function-execution-id': execution },
      });
      return entries.at(-1);
    };
    expect(await send(`${TRACE_ID}/123;o=1`, 'abcdef012345')).toMatchObject({
      'logging.googleapis.com/trace': `projects/demo/traces/${TRACE_ID}`,
      'logging.googleapis.com/labels': { execution_id: 'abcdef012345' },
    });
    for (const [trace, execution] of [
      [LONG, LONG],
      [`${TRACE_ID}/${LONG}`, 'a b'],
      [`${TRACE_ID}x/1`, 'abcdef0123456'],
    ] as const) {
      const entry = JSON.stringify(await send(trace, execution));
      expect(entry).not.toContain('logging.googleapis.com');
      expect(entry.length).toBeLessThan(500);
    }
  });

  it('answers a preflight of an allowed origin only', async () => {
    await listen(ok);
    const preflight = (from: string) =>
      fetch(`${origin}/exact`, { method: 'OPTIONS', headers: { Origin: from } });
    expect((await preflight('https://a.example')).status).toBe(204);
    expect((await preflight('https://b.example')).status).toBe(405);
  });
});
