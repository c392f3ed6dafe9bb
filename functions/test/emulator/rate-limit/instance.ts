import { systemClock } from '../../../src/clock';
import { rateLimit } from '../../../src/limits/rate-limit';
import { inFirestore } from '../../../src/limits/store/in-firestore';
import { httpClient } from '../../../src/upstream/http-client';
import { startTestBridge } from '../../support/bridge';
import type { Answer, Order } from './instances';

// The program of one instance, run in its own process: see instances.ts.

let now = Date.now();
const failures: unknown[] = [];

/** The bridge's own limit, with the order's clock and a longer timeout for slow machines. */
const limit = rateLimit(
  30,
  inFirestore({
    projectId: process.env['GCLOUD_PROJECT'],
    emulatorHost: process.env['FIRESTORE_EMULATOR_HOST'],
    secret: 'the same in all instances',
    http: httpClient(systemClock),
    clock: { ...systemClock, now: () => now },
    log: ({ operator }) => failures.push(operator),
    timeoutMs: 20_000,
  }),
);

async function consume(order: Order): Promise<Answer> {
  now = order.now;
  const outcomes = await Promise.allSettled(
    Array.from({ length: order.times }, () => limit(order.address, 1)),
  );
  const allowed = outcomes.filter(({ status }) => status === 'fulfilled').length;
  return { allowed, failures: failures.splice(0) };
}

async function main(): Promise<void> {
  const bridge = await startTestBridge({
    env: {
      GCLOUD_PROJECT: process.env['GCLOUD_PROJECT'] ?? '',
      FIRESTORE_EMULATOR_HOST: process.env['FIRESTORE_EMULATOR_HOST'] ?? '',
      RATE_LIMIT_PER_MINUTE: '30',
      RATE_LIMIT_STORE: 'firestore',
    },
  });
  process.on('message', (order: Order) => {
    void consume(order).then((answer) => process.send?.(answer));
  });
  process.once('disconnect', () => {
    void bridge.close().then(() => process.exit());
  });
  process.send?.({ origin: bridge.origin });
}

void main();
