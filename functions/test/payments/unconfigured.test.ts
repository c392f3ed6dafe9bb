import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from 'firebase-functions/logger';
import { payments, paymentsDaily, reconcilePayments } from '../../src/functions';
import { createPayments } from '../../src/payments/assemble';
import { signedHeaders } from '../../src/providers/tiki/signature';
import { answerWith } from '../../src/server/take-over';
import { startSite, type TestSite } from '../sessions/support/site';

it('is left out of a deployment that names no PAYMENT_PLANS', () => {
  for (const { __endpoint } of [payments, paymentsDaily, reconcilePayments]) {
    expect(JSON.stringify(__endpoint.omit)).toContain('PAYMENT_PLANS');
  }
  expect(payments.__endpoint).toMatchObject({
    availableMemoryMb: 512,
    httpsTrigger: { invoker: ['public'] },
    secretEnvironmentVariables: [{ key: 'TIKI_CLIENT_SECRET' }, { key: 'SESSION_KEYS' }],
  });
});

describe('where it is deployed all the same', () => {
  const entries: LogEntry[] = [];
  let server: Server;
  let site: TestSite;
  let origin: string;
  beforeAll(async () => {
    site = await startSite();
    server = createServer();
    const env = {
      GCLOUD_PROJECT: 'demo-tiki-bridge',
      TIKI_CLIENT_KEY: 'key',
      TIKI_CLIENT_SECRET: 'secret',
      FIREBASE_AUTH_EMULATOR_HOST: site.auth.host,
    };
    answerWith(server, createPayments(env, { log: (entry) => entries.push(entry) }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await site.close();
  });

  const status = async (path: string, init?: RequestInit) =>
    (await fetch(origin + path, init)).status;

  it('refuses what is unsigned, or without a session', async () => {
    expect(await status('/tiki_ipn', { method: 'POST', body: '{}' })).toBe(401);
    expect(await status('/orders', { method: 'POST' })).toBe(401);
    expect(await status('/orders')).toBe(401);
  });

  it('then says that it is not configured, and in the log how to do that', async () => {
    expect(await status('/plans')).toBe(503);
    site.auth.accounts.set('tiki:1', {});
    const headers = { Authorization: `Bearer ${site.auth.idToken('tiki:1')}` };
    expect(await status('/orders', { headers })).toBe(503);
    const order = { id: '880621109778841700', status: 'online_paid', reference_id: 'o1' };
    const body = JSON.stringify({
      ...{ order, message_id: 'm1', message_type: 'notification' },
      message_created_at: '2026-11-27T10:00:00Z',
    });
    const app = { clientKey: 'key', clientSecret: 'secret' };
    const signed = signedHeaders(app, Date.now(), body);
    expect(await status('/tiki_ipn', { method: 'POST', headers: signed, body })).toBe(503);
    expect(entries.at(-1)).toMatchObject({
      outcome: 'not-configured',
      operator: { cause: 'PAYMENT_PLANS is not set' },
    });
  });
});
