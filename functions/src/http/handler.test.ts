import type { Response } from 'firebase-functions/https';
import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../clock';
import { createHandler } from './handler';
import type { IncomingRequest } from './request';
import type { Route } from '../auth/routes';

async function handle(run: Route['run'], request: Partial<IncomingRequest> = {}) {
  const entries: LogEntry[] = [];
  const route: Route = { field: 'code', run };
  const handler = createHandler({
    service: () => ({
      routes: { '/auth_exchange': route, '/auth_refresh': route, '/auth_info': route },
      allowedOrigins: new Set(),
      rateLimit: () => Promise.resolve(),
      isTrustedProxy: () => false,
      maxInFlight: 10,
      secrets: ['canary-secret'],
    }),
    clock: systemClock,
    newRequestId: () => 'new-request-id',
    log: (entry) => entries.push(entry),
  });
  const sent = { status: 0, headers: {} as Record<string, string>, body: '' };
  const response = {
    status: (status: number) => ((sent.status = status), response),
    set: (headers: Record<string, string>) => ((sent.headers = headers), response),
    send: (body: string) => ((sent.body = body), response),
  };
  await handler(
    {
      method: 'POST',
      path: '/auth_exchange',
      headers: { 'content-type': 'application/json' },
      body: { code: 'canary-code' },
      ...request,
    },
    // All that the handler uses of a response.
    response as unknown as Response,
  );
  return { sent, entries };
}

describe('createHandler', () => {
  it('answers with a body and writes one entry', async () => {
    const { sent, entries } = await handle(() => Promise.resolve({ uid: 'tiki:1' }));
    expect(sent).toMatchObject({ status: 200, body: '{"uid":"tiki:1"}' });
    expect(sent.headers['X-Request-Id']).toBe('new-request-id');
    expect(entries).toHaveLength(1);
  });

  it('makes an unexpected error internal and keeps its secrets out of the log', async () => {
    const error = new TypeError('cannot read canary-code with canary-secret');
    const { sent, entries } = await handle(() => Promise.reject(error));
    expect(sent.status).toBe(500);
    expect(sent.body).toContain('"code":"internal"');
    expect(sent.body).not.toMatch(/canary|TypeError/);
    expect(entries[0]).toMatchObject({ severity: 'ERROR', error: { name: 'TypeError' } });
    expect(JSON.stringify(entries)).not.toContain('canary');
  });

  it('goes by Content-Length where the framework gives no raw body', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '16385' };
    const { sent } = await handle(() => Promise.resolve({}), { headers });
    expect(sent.status).toBe(413);
  });

  it('wants a content type', async () => {
    expect((await handle(() => Promise.resolve({}), { headers: {} })).sent.status).toBe(415);
  });
});
