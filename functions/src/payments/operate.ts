import { systemClock } from '../clock';
import { describeError } from '../log/describe-error';
import type { Actor } from '../premium/audit';
import { EntitlementError } from '../premium/entitlement-error';
import { Problem } from '../problem';
import { exportOrders, type Export } from './export';
import { effectsOf, openLedger, UNHURRIED } from './open-payments';
import { isReference, MalformedOrder, type Order } from './order';
import { parseSellingParameters } from './parameters';
import { createReconcile, type ReconcileOptions, type ReconcileReport } from './reconcile';
import { createRefund, type RefundResult } from './refund';
import type { Entry, KnownMessage } from './store';

type Environment = Readonly<Record<string, string | undefined>>;

/** One order with the messages about it, the oldest first. */
export interface ShownOrder {
  readonly order: Order;
  readonly messages: readonly KnownMessage[];
}

/** What operators do with orders. All of it may be repeated. Failures: see `explainOrdersFailure`. */
export interface Orders {
  /** The newest ones, of one user or of all. */
  readonly list: (size: number, uid?: string) => Promise<readonly Entry[]>;
  /** Undefined: there is no such order. */
  readonly show: (reference: string) => Promise<ShownOrder | undefined>;
  /** As `reconcilePayments` does it. */
  readonly reconcile: (options: ReconcileOptions) => Promise<ReconcileReport>;
  readonly refund: (reference: string) => Promise<RefundResult>;
  /** @param period Epoch ms: paid in `[from, to)`. */
  readonly export: (period: { readonly from: number; readonly to: number }) => Promise<Export>;
  readonly close: () => Promise<void>;
}

export interface OrdersProject {
  readonly projectId: string;
  /** The Realtime Database that mirrors premiumUntil; undefined for none. */
  readonly databaseUrl: string | undefined;
  /** Who asks, for the audit trail. */
  readonly by: Actor;
}

/**
 * Orders of a real project (Application Default Credentials) or of the emulators that the environment
 * names. Tiki's key, secret and address are only needed by what asks Tiki: not by `list` and `show`.
 *
 * @param env The parameters of the functions, and the secret TIKI_CLIENT_SECRET.
 */
export async function openOrders(
  { projectId, databaseUrl, by }: OrdersProject,
  env: Environment,
): Promise<Orders> {
  const ledger = await openLedger(
    {
      GCLOUD_PROJECT: projectId,
      PREMIUM_DATABASE_URL: databaseUrl,
      FIREBASE_AUTH_EMULATOR_HOST: env['FIREBASE_AUTH_EMULATOR_HOST'] || undefined,
      FIRESTORE_EMULATOR_HOST: env['FIRESTORE_EMULATOR_HOST'] || undefined,
    },
    { by, ...UNHURRIED },
  );
  const { store } = ledger;
  // Not before it is needed: operator.ts is to be cheap to load.
  const { httpClient } = await import('../upstream/http-client.js');
  const http = httpClient(systemClock);

  const effects = () =>
    effectsOf(parseSellingParameters({ ...env, GCLOUD_PROJECT: projectId }), ledger, http);

  return {
    list: (size, uid) => store.newest(size, uid),
    show: async (reference) => {
      const [order, messages] = await Promise.all([
        store.read(reference),
        store.messagesOf(reference),
      ]);
      return order && { order, messages };
    },
    reconcile: (options) => createReconcile(effects())(options),
    refund: (reference) => createRefund(effects())(reference),
    export: (period) => exportOrders(effects(), period),
    close: async () => {
      http.close();
      await ledger.close();
    },
  };
}

/** What an operator can act on; never quotes a secret. */
export class OrdersError extends Error {
  override readonly name = 'OrdersError';
}

/** @throws OrdersError */
export function parseReference(text: string): string {
  if (isReference(text)) return text;
  throw new OrdersError(
    'An order is named by its reference: "o" and 31 digits, as "list" prints it',
  );
}

const PROBLEM_WORDS: Readonly<Partial<Record<string, string>>> = {
  'not-found': 'There is no such order',
  'upstream-timeout': 'Firestore did not answer in time',
};

/** What went wrong, and what to do about it, in sentences; one a line. */
export function explainOrdersFailure(error: unknown): string {
  if (error instanceof Problem) {
    const { cause, remedy, tiki } = error.extras.operator ?? {};
    const reason = tiki?.['reason'] === undefined ? '' : ` (${tiki['reason']})`;
    const first = `${cause ?? PROBLEM_WORDS[error.code] ?? error.code}${reason}`;
    return remedy === undefined ? first : `${first}\n${remedy}`;
  }
  if (error instanceof EntitlementError || error instanceof MalformedOrder) return error.message;
  const { name, message } = describeError(error, []);
  return `${name}: ${message}`;
}
