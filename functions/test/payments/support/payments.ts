import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from 'firebase-functions/logger';
import { startTikiSimulator, type TikiSimulator } from '@tiki-bridge/tiki-simulator/server';
import { systemClock } from '../../../src/clock';
import { createPayments } from '../../../src/payments/assemble';
import { openPlatform } from '../../../src/payments/open-payments';
import type { OrderAnswer } from '../../../src/payments/order';
import { parseSellingParameters } from '../../../src/payments/parameters';
import type { Plan } from '../../../src/payments/plans';
import { createReconcile, type ReconcileReport } from '../../../src/payments/reconcile';
import { answerWith } from '../../../src/server/take-over';
import { httpClient } from '../../../src/upstream/http-client';
import { PROJECT } from '../../sessions/support/auth-server';
import { startSite, type TestSite } from '../../sessions/support/site';
import { memoryShop, PLANS, type MemoryShop } from './memory-shop';

export const CLIENT_KEY = 'test-client-key';
/** Recognizable: no log and no answer may contain it. */
export const CLIENT_SECRET = 'canary-client-secret-7d2e';

export const KEY = 'a-key-of-16-chars';

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The function `payments` on a socket, before the Tiki simulator and a store in memory. */
export interface TestPayments {
  readonly origin: string;
  readonly tiki: TikiSimulator;
  readonly shop: MemoryShop;
  readonly site: TestSite;
  readonly ask: (path: string, ask?: Ask) => Promise<Response>;
  /** The header of a signed-in customer. */
  readonly bearer: (customerId?: string) => { readonly Authorization: string };
  /** Places an order and reads the answer. */
  readonly place: (ask?: {
    readonly customerId?: string;
    readonly planId?: string;
    readonly key?: string;
  }) => Promise<OrderAnswer>;
  /** Pays in the sheet and delivers what Tiki sends at once. */
  readonly pay: (order: OrderAnswer) => Promise<void>;
  /** Closes the port, as while the function is down. */
  readonly goDown: () => Promise<void>;
  readonly comeUp: () => Promise<void>;
  /** How Tiki's latest message was answered at last. */
  readonly lastAnswer: () => unknown;
  /** A run of the reconciler, before the same Tiki. */
  readonly reconcile: () => Promise<ReconcileReport>;
  readonly entries: () => readonly LogEntry[];
  /** Everything that was logged, as JSON. */
  readonly logged: () => string;
  readonly close: () => Promise<void>;
}

export interface PaymentsOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly plans?: readonly Plan[];
  /** Those of another bridge, to share its Tiki app. */
  readonly tiki?: TikiSimulator;
  readonly shop?: MemoryShop;
}

/** Also where a test has failed: an open server would keep jest from ending. */
const running = new Set<() => Promise<void>>();
afterAll(async () => {
  for (const close of running) await close();
});

/** Runs until the tests of the file have ended, or until it is closed. */
export async function startPayments(options: PaymentsOptions = {}): Promise<TestPayments> {
  const site = await startSite();
  const tiki =
    options.tiki ??
    (await startTikiSimulator({
      ...{ clientKey: CLIENT_KEY, clientSecret: CLIENT_SECRET, schedule: 'advance' },
    }));
  const { shop = memoryShop() } = options;
  const { store, project } = shop.process().effects;
  const entries: LogEntry[] = [];
  const env = {
    GCLOUD_PROJECT: PROJECT,
    FIREBASE_AUTH_EMULATOR_HOST: site.auth.host,
    TIKI_CLIENT_KEY: CLIENT_KEY,
    TIKI_CLIENT_SECRET: CLIENT_SECRET,
    TIKI_API_BASE_URL: tiki.apiBaseUrl,
    PAYMENT_PLANS: 'plans.json',
    SESSION_KEYS: site.key,
    RATE_LIMIT_PER_MINUTE: '0',
    ...options.env,
  };
  const handler = createPayments(env, {
    store,
    project,
    plans: options.plans ?? PLANS,
    log: (entry) => entries.push(entry),
  });
  const server = createServer();
  answerWith(server, handler);
  const comeUp = async (port = 0): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const goDown = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const port = await comeUp();
  const origin = `http://127.0.0.1:${port}`;
  if (!options.tiki) tiki.registerIpnUrl(`${origin}/tiki_ipn`);

  const ask: TestPayments['ask'] = (path, { method, body, headers } = {}) =>
    fetch(origin + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });

  const bearer = (customerId = '1001') => {
    const uid = `tiki:${customerId}`;
    if (!site.auth.accounts.has(uid)) site.auth.accounts.set(uid, {});
    if (!shop.premium.accounts.has(uid)) shop.premium.accounts.set(uid, {});
    return { Authorization: `Bearer ${site.auth.idToken(uid)}` };
  };

  async function close(): Promise<void> {
    running.delete(close);
    if (server.listening) await goDown();
    if (!options.tiki) await tiki.close();
    await site.close();
  }
  running.add(close);

  return {
    ...{ origin, tiki, shop, site, ask, bearer, goDown, close },
    comeUp: async () => {
      await comeUp(port);
    },
    place: async ({ customerId, planId = 'month', key = KEY } = {}) => {
      const headers = { ...bearer(customerId), 'Idempotency-Key': key };
      const response = await ask('/orders', { body: { planId }, headers });
      if (response.status !== 200) throw new Error(await response.text());
      return ((await response.json()) as { readonly order: OrderAnswer }).order;
    },
    pay: async ({ orderId }) => {
      tiki.pay({ orderId: orderId ?? '' });
      await tiki.advance(0);
    },
    lastAnswer: () => tiki.messages.at(-1)?.attempts.at(-1)?.outcome,
    reconcile: async () => {
      const http = httpClient(systemClock);
      const platform = openPlatform(parseSellingParameters(env), http);
      const { effects } = shop.process(undefined, platform);
      try {
        return await createReconcile(effects)();
      } finally {
        http.close();
      }
    },
    entries: () => entries,
    logged: () => JSON.stringify(entries),
  };
}
