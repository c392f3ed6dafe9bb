import * as z from 'zod';
import { deadlineIn, TimeUp, within, type Clock } from '../clock';
import { jsonAnswer, type Answer } from '../http/answer';
import { parseJson, readBody, requireSmallBody, type BodyBounds } from '../http/body';
import type { CrossOrigin } from '../http/cors';
import { header, pathOf, type IncomingRequest } from '../http/request';
import type { Operation, Outcome, RequestInProgress, Route } from '../http/serve';
import { Problem, type FieldFault } from '../problem';
import type { Naming, Payments } from '../providers/provider';
import { readFields } from '../sessions/fields';
import type { SessionReader } from '../sessions/read-session';
import { callerOf, type Caller } from './caller';
import { IDEMPOTENCY_KEY, isReference, orderAnswer } from './order';
import { planId, type Plan } from './plans';
import { verified } from './notification';
import type { Shop } from './shop';

/** The Hosting rewrites in firebase.json are tested against this. */
export const PAYMENT_PATHS = ['/plans', '/orders', '/orders/**', '/tiki_ipn'] as const;

const ORDER_BODY: BodyBounds = { maxBytes: 16 * 1024, timeoutMs: 4_000 };
const MESSAGE_BODY: BodyBounds = { maxBytes: 64 * 1024, timeoutMs: 2_000 };

/** Below the five seconds within which the platform is to be answered. */
const MESSAGE_MS = 4_500;
/** How long the answer then waits for the account: Cloud Run takes the processor away after it. */
const PROJECT_MS = 1_000;

/** For pages of ALLOWED_ORIGINS, which have no cookie here and send the ID token. */
const CORS: CrossOrigin = {
  methods: 'GET, POST',
  headers: 'Authorization, Content-Type, Accept-Language, Idempotency-Key, X-Request-Id',
};

const fault = (each: FieldFault): FieldFault => each;

const orderBody = z.object({
  planId: z
    .string({ error: ({ input }) => fault(input === undefined ? 'missing' : 'not-a-string') })
    .refine((text) => planId.safeParse(text).success, { error: fault('malformed') }),
});

export interface PaymentRouteOptions {
  /** @throws Problem `not-configured`, `misconfigured` */
  readonly shop: () => Promise<Shop>;
  /** @throws Problem `not-configured`, `misconfigured` */
  readonly plans: () => readonly Plan[];
  /** Needs no configuration but the app's key and secret. */
  readonly payments: Pick<Payments, 'verifyNotification'>;
  readonly reader: SessionReader;
  readonly naming: Naming;
  /** @throws Problem `rate-limited` */
  readonly limited: (uid: string) => Promise<void>;
  /** Whose request it is, for the circuit breaker. */
  readonly addressOf: (request: IncomingRequest) => string;
  readonly clock: Clock;
}

/** @throws Problem `invalid-request` */
function idempotencyKeyOf(request: IncomingRequest): string {
  const field = 'Idempotency-Key';
  const key = header(request, field.toLowerCase());
  if (key === undefined) {
    throw new Problem('invalid-request', { request: { field, fault: 'missing' } });
  }
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new Problem('invalid-request', { request: { field, fault: 'malformed' } });
  }
  return key;
}

/**
 * The bytes of a notification. The platform repeats it only after a 5xx, so that one that did not arrive
 * completely is no fault of the request here.
 *
 * @throws Problem `upstream-timeout`, `payload-too-large`
 */
async function readMessage(request: IncomingRequest): Promise<Buffer> {
  try {
    return await readBody(request, MESSAGE_BODY);
  } catch (error) {
    const isIncomplete = error instanceof Problem && error.code === 'invalid-request';
    throw isIncomplete ? new Problem('upstream-timeout') : error;
  }
}

/** What follows `/orders/`. */
const nameIn = (request: IncomingRequest): string => pathOf(request).slice('/orders/'.length);

function answerFor({ setCookie }: Caller, body: object): Answer<string> {
  const answer = jsonAnswer(body);
  if (setCookie === undefined) return answer;
  // Hosting removes `Set-Cookie` from an answer that is not `private`.
  const headers = { 'Cache-Control': 'private, no-store', 'Set-Cookie': setCookie };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The routes of the function `payments`. */
export function paymentRoutes(options: PaymentRouteOptions): Route[] {
  const { shop, plans, payments, clock, limited, addressOf } = options;

  type Work = (inProgress: RequestInProgress, caller: Caller) => Promise<object>;

  /** An operation of a signed-in customer. */
  function ofCustomer(name: string, work: Work): Operation {
    const run = async (inProgress: RequestInProgress): Promise<Outcome> => {
      const caller = await callerOf(inProgress.request, options, inProgress.deadline);
      await limited(caller.uid);
      const body = await work(inProgress, caller);
      return { answer: answerFor(caller, body), facts: { uid: caller.uid } };
    };
    return { name, run };
  }

  const placeOrder = ofCustomer('orders.place', async (inProgress, { uid, customerId }) => {
    const { request, deadline } = inProgress;
    const { checkout } = await shop();
    const idempotencyKey = idempotencyKeyOf(request);
    requireSmallBody(request, ORDER_BODY.maxBytes);
    const body = readFields(orderBody, parseJson(await readBody(request, ORDER_BODY)));
    const { order, premiumUntil } = await checkout(
      { uid, customerId, planId: body.planId, idempotencyKey },
      { deadline, caller: addressOf(request) },
    );
    return { order: orderAnswer(order, premiumUntil) };
  });

  const listOrders = ofCustomer('orders.list', async (_, { uid }) => {
    const { orders, premiumUntil } = await (await shop()).ordersOf(uid);
    return { orders: orders.map((order) => orderAnswer(order, premiumUntil)) };
  });

  const readOrder = ofCustomer('orders.read', async ({ request }, { uid }) => {
    const { order, premiumUntil } = await (await shop()).orderOf(uid, nameIn(request));
    return { order: orderAnswer(order, premiumUntil) };
  });

  async function takeMessage({ request }: RequestInProgress): Promise<Outcome> {
    const deadline = deadlineIn(MESSAGE_MS, clock);
    const body = await readMessage(request);
    const notification = verified(payments, request.headers, body);
    const work = async () => {
      const { take } = await shop();
      return take(notification, { deadline, caller: 'notifications' });
    };
    try {
      const { order, projected } = await within(deadline(), work());
      // It is stored. What takes longer is the reconciler's to finish.
      await within(Math.min(deadline(), PROJECT_MS), projected).catch(() => undefined);
      return { answer: jsonAnswer({}), facts: { uid: order.uid } };
    } catch (error) {
      // It goes on, and the platform sends the message again.
      throw error instanceof TimeUp ? new Problem('upstream-timeout') : error;
    }
  }

  const listPlans: Operation = {
    name: 'plans',
    run: () => Promise.resolve({ answer: jsonAnswer({ plans: plans() }) }),
  };
  const notified: Operation = { name: 'notification', run: takeMessage };
  const [plansPath, ordersPath, orderPath, messagePath] = PAYMENT_PATHS;
  return [
    { source: plansPath, name: 'plans', cors: CORS, operationsAt: () => ({ GET: listPlans }) },
    {
      source: ordersPath,
      name: 'orders',
      cors: CORS,
      operationsAt: () => ({ GET: listOrders, POST: placeOrder }),
    },
    {
      source: orderPath,
      name: 'orders.read',
      cors: CORS,
      operationsAt: (request) => (isReference(nameIn(request)) ? { GET: readOrder } : undefined),
    },
    { source: messagePath, name: 'notification', operationsAt: () => ({ POST: notified }) },
  ];
}
