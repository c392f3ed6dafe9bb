import * as z from 'zod';
import { Problem } from '../../problem';
import { RETRY } from '../../upstream/retry';
import type { RequestContext } from '../../upstream/request-context';
import type { Created, Payments, PlatformOrder } from '../provider';
import type { TikiCall, TikiClient } from './client';
import { verifyNotification } from './notification';
import { tikiOrder } from './order';
import {
  answerOf,
  problemOf,
  successEnvelope,
  tikiSymptomOf,
  type CallersReasons,
  type TikiFailure,
} from './outcome';
import type { ClientSecrets } from './parameters';

const WRITE_TIMEOUT_MS = 4_000;
const READ_TIMEOUT_MS = 2_000;
/** A hundred orders, for jobs that nobody waits for. */
const LIST_TIMEOUT_MS = 10_000;
/** A hundred orders with their items. */
const MAX_LIST_BYTES = 1024 * 1024;

const orderAnswer = successEnvelope(z.object({ order: tikiOrder }).transform(({ order }) => order));
const listAnswer = successEnvelope(
  z
    // Tiki's backend is written in Go, where a list without entries is encoded as `null`.
    .object({ orders: z.array(z.unknown()).max(100).nullish() })
    // One that is not of the documented shape counts as missing, and does not hide the others.
    .transform(({ orders }) =>
      (orders ?? []).flatMap((each) => tikiOrder.safeParse(each).data ?? []),
    ),
);

/** What Tiki refuses about an order is what the plan says: its price, or its name. */
const PLANS_FAULT: CallersReasons = {
  ORDER_AMOUNT_LIMIT_EXCEEDED: 'misconfigured',
  DUPLICATE_ITEMS: 'misconfigured',
  PRODUCT_NOT_FOUND: 'misconfigured',
  SELLER_NOT_FOUND: 'misconfigured',
  INVALID_ITEM: 'misconfigured',
};

/**
 * Whether Tiki has certainly not made the order: nothing was sent, or Tiki judged what was sent. After
 * anything else, silence and odd answers included, there may be one.
 */
function isNotCreated(failure: TikiFailure): boolean {
  if (tikiSymptomOf(failure) === 'not-sent') return true;
  if (failure.kind !== 'refused') return false;
  const { status, code = status, reason } = failure;
  // Tiki does not document with which HTTP status it refuses.
  const isJudged = status < 500 && code >= 400 && code < 500;
  return isJudged || Object.hasOwn(PLANS_FAULT, reason);
}

/** For `POST`: never sent again after an unclear failure; who asked finds out by reading the order. */
const write = (path: string, body: object): TikiCall<PlatformOrder> => ({
  path,
  body,
  answer: orderAnswer,
  timeoutMs: WRITE_TIMEOUT_MS,
  retry: RETRY.singleUse,
});

const read = <T>(path: string, answer: TikiCall<T>['answer']): TikiCall<T> => ({
  path,
  answer,
  timeoutMs: READ_TIMEOUT_MS,
  retry: RETRY.read,
});

export interface TikiPaymentsSettings {
  readonly client: TikiClient;
  readonly clientKey: string;
  readonly secrets: ClientSecrets;
}

/** Tiki's orders. */
export function tikiPayments({ client, clientKey, secrets }: TikiPaymentsSettings): Payments {
  const call = async <T>(tikiCall: TikiCall<T>, context: RequestContext): Promise<T> =>
    answerOf(await client.call(tikiCall, context), {});

  return {
    create: async ({ customerId, reference, item }, context): Promise<Created> => {
      const items = [{ name: item.name, quantity: 1, price: item.priceVnd }];
      const body = { customer_id: customerId, items, reference_id: reference };
      try {
        const outcome = await client.call(write('/order/multi-sku', body), context);
        if (outcome.kind === 'answer') return { kind: 'created', order: outcome.data };
        const problem = problemOf(outcome, PLANS_FAULT);
        return { kind: isNotCreated(outcome) ? 'not-created' : 'unclear', problem };
      } catch (error) {
        // The circuit breaker is open: nothing was sent.
        if (error instanceof Problem) return { kind: 'not-created', problem: error };
        throw error;
      }
    },
    read: (id, context) =>
      call(read(`/order?order_id=${encodeURIComponent(id)}`, orderAnswer), context),
    list: (ids, context) =>
      call(
        {
          ...read(`/order/list?order_ids=${encodeURIComponent(ids.join(','))}`, listAnswer),
          timeoutMs: LIST_TIMEOUT_MS,
          maxBytes: MAX_LIST_BYTES,
        },
        context,
      ),
    complete: (id, comment, context) =>
      call(write('/order/complete', { order_id: id, comment }), context),
    cancel: (id, comment, context) =>
      call(write('/order/cancel', { order_id: id, comment }), context),
    verifyNotification: (headers, body) =>
      verifyNotification({ clientKey, secrets, headers, body }),
  };
}
