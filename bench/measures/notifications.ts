import { setTimeout as delay } from 'node:timers/promises';
import { writeMessage, type WireMessage } from '@tiki-bridge/tiki-simulator/message';
import { orderAtTiki } from '../orders';
import { PROJECT_ENV } from '../project';
import type { Row } from '../row';
import type { PaymentTargets } from '../targets/payments';
import type { Endpoint } from '../targets/target';
import type { Bench, Measure } from './measure';

const CALLERS = 64;
const MESSAGES = 400;
const POLL_MS = 50;

const RATIO: Row = {
  name: 'Payment notifications',
  unit: '÷ bare transactions',
  goal: { atLeast: 0.5 },
};
const PER_SECOND: Row = { name: 'Payment notifications', unit: 'a second' };
const BARE_PER_SECOND: Row = { name: 'Bare transactions of them', unit: 'a second' };

const SIGNER = {
  clientKey: PROJECT_ENV['TIKI_CLIENT_KEY'] ?? '',
  clientSecret: PROJECT_ENV['TIKI_CLIENT_SECRET'] ?? '',
};

/** The notification that an order is paid. */
function notification(orderId: string): WireMessage {
  const signedAt = Date.now();
  const createdAt = new Date(signedAt).toISOString();
  const message = { id: `message-${orderId}`, order: orderAtTiki(orderId), createdAt, signedAt };
  return writeMessage(message, SIGNER);
}

async function send(target: Endpoint, { headers, body }: WireMessage, signal: AbortSignal) {
  const answer = await fetch(`${target.origin}/tiki_ipn`, {
    ...{ method: 'POST', headers, body: new Uint8Array(body), signal },
  });
  await answer.text();
  if (answer.status !== 200) {
    throw new Error(`a notification at ${target.name} was answered with ${answer.status}`);
  }
}

/** Until each customer has premium: the function answers before that. */
async function perSecond(
  { place, countDelivered }: PaymentTargets,
  { target, count, signal }: { target: Endpoint; count: number; signal: AbortSignal },
): Promise<number> {
  const wanted = (await countDelivered()) + count;
  const messages = (await place(count)).map(notification).values();
  const start = performance.now();
  const caller = async () => {
    for (const message of messages) await send(target, message, signal);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  while ((await countDelivered()) < wanted) await delay(POLL_MS, undefined, { signal });
  return (count / (performance.now() - start)) * 1_000;
}

/** How many payments are recorded a second, each of another customer. */
export const notifications: Measure = {
  name: 'payment notifications',
  rows: [RATIO, PER_SECOND, BARE_PER_SECOND],
  round: async ({ upstreams, targets, signal }: Bench, scale) => {
    const { payments } = targets;
    if (typeof payments === 'string') {
      return new Map(notifications.rows.map((row) => [row, payments]));
    }
    await upstreams.setLatency(0);
    const run = (target: Endpoint) =>
      perSecond(payments, { target, count: Math.ceil(MESSAGES * scale), signal });
    const bare = await run(payments.bare);
    const bridge = await run(payments.bridge);
    return new Map([
      [RATIO, bridge / bare],
      [PER_SECOND, bridge],
      [BARE_PER_SECOND, bare],
    ]);
  },
};
