import { createHash } from 'node:crypto';
import type { MyAnswer } from './phone';
import { json, problem } from './stand-in';
import type { Transport, WireAnswer, WireRequest } from './transport';

type State = 'creating' | 'waiting' | 'paid' | 'completed' | 'canceled' | 'abandoned';

/** An order in the form of the bridge's answers. */
export interface StoredOrder {
  readonly reference: string;
  readonly orderId: string | null;
  readonly planId: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly priceVnd: number;
  readonly days: number;
  readonly state: State;
  readonly createdAt: number;
  readonly paidAt: number | null;
  readonly completedAt: number | null;
  readonly canceledAt: number | null;
  readonly refundedAt: number | null;
  readonly premiumUntil: number | null;
}

export interface PaymentsServer {
  readonly transport: Transport;
  /** By reference, in the order of their creation. */
  readonly orders: ReadonlyMap<string, StoredOrder & { readonly uid: string }>;
  /** Requests that must not come from a client that keeps the contract. */
  readonly faults: string[];
  /** What is known of an order that Tiki's payment was opened for. */
  readonly withId: (orderId: string | undefined) => StoredOrder;
  /** Changes an order as Tiki's notifications do. */
  readonly change: (order: StoredOrder, changes: Partial<StoredOrder>) => void;
  /** Paid, as a notification tells it. */
  readonly pay: (order: StoredOrder) => void;
  /** Tiki does not answer the bridge: orders stay `creating`, and then are `abandoned`. */
  tikiAnswers: boolean;
}

export const PLANS = [
  { id: 'month', name: { vi: '1 tháng', en: '1 month' }, priceVnd: 49_000, days: 30 },
  { id: 'year', name: { vi: '1 năm', en: '1 year' }, priceVnd: 490_000, days: 365 },
];

const DAY_MS = 86_400_000;

function uidIn({ headers }: WireRequest, now: number): string | undefined {
  const [, payload] =
    /^Bearer [\w-]+\.([\w-]+)\.[\w-]*$/.exec(headers['Authorization'] ?? '') ?? [];
  if (payload === undefined) return undefined;
  // Made by createStandIn.
  const { sub, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    readonly sub: string;
    readonly exp: number;
  };
  return exp * 1000 > now ? sub : undefined;
}

/** The bridge's function `payments` in memory: its HTTP contract, strictly. */
export function createPaymentsServer(now: () => number): PaymentsServer {
  const orders = new Map<string, StoredOrder & { readonly uid: string }>();
  const faults: string[] = [];

  const publicPart = ({ uid: _, ...order }: StoredOrder & { readonly uid: string }) => order;

  function place(uid: string, request: WireRequest): WireAnswer {
    const key = request.headers['Idempotency-Key'] ?? '';
    const body = JSON.parse(String(request.body)) as Readonly<Record<string, unknown>>;
    if (!/^[\w-]{16,64}$/.test(key)) faults.push(`Idempotency-Key: ${key}`);
    if (Object.keys(body).join() !== 'planId') faults.push(`body: ${Object.keys(body).join()}`);
    const hash = createHash('sha256').update(`${uid}\n${key}`).digest('hex');
    const reference = `o${hash.slice(0, 31)}`;
    const found = orders.get(reference);
    if (found && found.planId !== body['planId']) return problem(409, 'conflict');
    if (found) return json(200, { order: publicPart(found) });
    const plan = PLANS.find(({ id }) => id === body['planId']);
    if (!plan) return problem(404, 'not-found');
    const { id: planId, ...bought } = plan;
    const order = {
      ...{ uid, reference, planId, ...bought },
      orderId: server.tikiAnswers ? String(88_062_110_977_884_000n + BigInt(orders.size)) : null,
      state: server.tikiAnswers ? ('waiting' as const) : ('creating' as const),
      ...{ createdAt: now(), paidAt: null, completedAt: null, canceledAt: null },
      ...{ refundedAt: null, premiumUntil: null },
    };
    orders.set(reference, order);
    return json(200, { order: publicPart(order) });
  }

  function answer(request: WireRequest): WireAnswer {
    const { pathname } = new URL(request.url);
    const called = `${request.method} ${pathname}`;
    if (called === 'GET /plans') return json(200, { plans: PLANS });
    const uid = uidIn(request, now());
    if (uid === undefined) return problem(401, 'unauthenticated');
    if (called === 'POST /orders') return place(uid, request);
    const own = [...orders.values()].filter((order) => order.uid === uid).reverse();
    if (called === 'GET /orders') return json(200, { orders: own.map(publicPart) });
    const wanted = own.find(({ reference }) => called === `GET /orders/${reference}`);
    return wanted ? json(200, { order: publicPart(wanted) }) : problem(404, 'not-found');
  }

  const server: PaymentsServer = {
    orders,
    faults,
    tikiAnswers: true,
    transport: (request) => Promise.resolve(answer(request)),
    withId(orderId) {
      const found = [...orders.values()].find((order) => order.orderId === orderId);
      if (!found) throw new Error(`No order ${String(orderId)}`);
      return found;
    },
    change({ reference }, changes) {
      const order = orders.get(reference);
      if (order) orders.set(reference, { ...order, ...changes });
    },
    pay(order) {
      const premiumUntil = now() + order.days * DAY_MS;
      server.change(order, { state: 'paid', paidAt: now(), premiumUntil });
    },
  };
  return server;
}

export const PAID: MyAnswer = { success: 'success' };
export const LEFT: MyAnswer = { fail: 'user canceled' };
