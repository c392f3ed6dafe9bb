import { systemClock } from '../clock';
import type { Actor } from '../premium/audit';
import type { Project } from '../premium/projection';
import { createTikiClient } from '../providers/tiki/client';
import { tikiPayments } from '../providers/tiki/payments';
import type { Payments } from '../providers/provider';
import { guardedBy } from '../upstream/circuit-breaker';
import type { HttpClient } from '../upstream/http-client';
import { notConfigured, type SellingParameters } from './parameters';
import { createPaymentStore, type PaymentStore } from './store';

/** The orders of the platform. Where another platform would be chosen; see docs/contribute.md. */
export function openPlatform(parameters: SellingParameters, http: HttpClient): Payments {
  const clientKey = parameters.TIKI_CLIENT_KEY;
  const secrets = parameters.TIKI_CLIENT_SECRET;
  const client = createTikiClient({
    baseUrl: parameters.TIKI_API_BASE_URL,
    credentials: { clientKey, clientSecret: secrets[0] },
    http,
    guarded: guardedBy(systemClock, 'tiki-unavailable', 'Tiki'),
    clock: systemClock,
    random: Math.random,
  });
  return tikiPayments({ client, clientKey, secrets });
}

/** What stores orders, and puts premium on accounts. */
export interface Ledger {
  readonly store: PaymentStore;
  readonly project: Project;
  readonly close: () => Promise<void>;
}

export type LedgerParameters = Pick<
  SellingParameters,
  | 'GCLOUD_PROJECT'
  | 'PREMIUM_DATABASE_URL'
  | 'FIREBASE_AUTH_EMULATOR_HOST'
  | 'FIRESTORE_EMULATOR_HOST'
>;

/** Who opens a ledger, and how long it may take. */
export interface LedgerUse {
  readonly by: Actor;
  /** One call to Google, ms. */
  readonly callMs: number;
  /** One transaction with all its repetitions, ms. */
  readonly changeMs: number;
}

/**
 * Connects to Firestore and Firebase Auth, or to their emulators. Loads their clients only now.
 *
 * @throws Problem `not-configured` where only some emulators run, since calls would leave for a
 *   project that does not exist
 */
export async function openLedger(
  parameters: LedgerParameters,
  { by, callMs, changeMs }: LedgerUse,
): Promise<Ledger> {
  const { FIREBASE_AUTH_EMULATOR_HOST: auth, FIRESTORE_EMULATOR_HOST: firestore } = parameters;
  if (auth !== undefined && firestore === undefined) {
    throw notConfigured('The emulators run without Firestore, which orders need');
  }
  const [{ connect }, { assemblePremium }] = await Promise.all([
    import('../premium/connection.js'),
    import('../premium/open-premium.js'),
  ]);
  const projectId = parameters.GCLOUD_PROJECT;
  const databaseUrl = parameters.PREMIUM_DATABASE_URL;
  const connection = await connect({ projectId, databaseUrl, by, timeoutMs: callMs });
  const { project, close } = assemblePremium(connection);
  const store = createPaymentStore(connection.firestore, {
    ...{ clock: systemClock, random: Math.random, projectId, by, callMs, changeMs },
  });
  return { store, project, close };
}

/** For jobs and commands: nobody waits for them, and a first call may take seconds. */
export const UNHURRIED = { callMs: 30_000, changeMs: 60_000 } as const;

/** What reconciler, refund and statement need. */
export function effectsOf(
  parameters: SellingParameters,
  { store, project }: Ledger,
  http: HttpClient,
) {
  return { store, project, clock: systemClock, payments: openPlatform(parameters, http) };
}

export const refundMsOf = ({ REFUND_WINDOW_HOURS }: SellingParameters): number =>
  REFUND_WINDOW_HOURS * 3_600_000;
