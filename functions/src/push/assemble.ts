import { randomUUID } from 'node:crypto';
import { applicationDefault, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { getMessaging } from 'firebase-admin/messaging';
import { onDocumentCreated, onDocumentWritten } from 'firebase-functions/firestore';
import { write } from 'firebase-functions/logger';
import { systemClock } from '../clock';
import { describeError } from '../log/describe-error';
import { parseDocument, type Entitlement } from '../premium/document';
import { EntitlementError } from '../premium/entitlement-error';
import { Problem } from '../problem';
import { runPushDaily } from './daily';
import { parsePushParameters } from './parameters';
import { type News, newsOfChange } from './premium-news';
import { sendNotification } from './send-notification';
import { createStore } from './store';

type Environment = Readonly<Record<string, string | undefined>>;
type Snapshot = { readonly exists: boolean; data(): unknown } | undefined;

/** As declared in functions.ts, which must not load this file. */
const NOTIFICATIONS = 'users/{uid}/notifications/{id}';
const ENTITLEMENTS = 'entitlements/{uid}';

/**
 * Connects to Firestore and FCM with Application Default Credentials.
 *
 * @throws Problem `misconfigured`, after it was logged: the event is delivered again
 */
function open(env: Environment) {
  const projectId = parametersOrLog(env);
  const app = initializeApp(
    { credential: applicationDefault(), projectId },
    `push-${randomUUID()}`,
  );
  const firestore = getFirestore(app);
  return {
    firestore,
    store: createStore(firestore),
    messaging: getMessaging(app),
    clock: systemClock,
    random: Math.random,
    log: write,
    projectId,
  };
}

function parametersOrLog(env: Environment): string {
  try {
    return parsePushParameters(env);
  } catch (error) {
    if (error instanceof Problem) {
      const { operator } = error.extras;
      write({ severity: 'ERROR', message: `push: ${error.code}`, ...(operator && { operator }) });
    }
    throw error;
  }
}

/** @throws EntitlementError if it is malformed */
const entitlementIn = (uid: string, snapshot: Snapshot): Entitlement | undefined =>
  snapshot?.exists ? parseDocument(uid, snapshot.data()) : undefined;

/** What a change tells its user, if anything. */
function newsOf(uid: string, before: Snapshot, after: Snapshot): News | undefined {
  try {
    const changed = entitlementIn(uid, after);
    return changed && newsOfChange(entitlementIn(uid, before), changed);
  } catch (error) {
    // Malformed, which the daily reconciliation reports. Correcting it opens nothing.
    if (error instanceof EntitlementError) return undefined;
    throw error;
  }
}

/** The handler of `pushNotification`. Takes the event as Eventarc delivers it. */
export function createNotificationHandler(env: Environment) {
  const settings = open(env);
  return onDocumentCreated(NOTIFICATIONS, ({ params: { uid, id } }) =>
    sendNotification({ uid, id }, settings),
  );
}

/** The handler of `pushPremium`: tells a user that premium was opened or refunded. */
export function createPremiumHandler(env: Environment) {
  const { store } = open(env);
  return onDocumentWritten(ENTITLEMENTS, async ({ params: { uid }, data }) => {
    const news = newsOf(uid, data?.before, data?.after);
    if (news) await store.create({ uid, id: news.id }, news.content);
  });
}

/** The handler of `pushDaily`. */
export async function pushDaily(env: Environment): Promise<void> {
  const { firestore, store, clock } = open(env);
  try {
    await runPushDaily({ firestore, store, now: clock.now, log: write });
  } catch (error) {
    write({
      severity: 'ERROR',
      message: 'push: the daily run did not finish; it is retried',
      error: describeError(error, []),
    });
    throw error;
  }
}
