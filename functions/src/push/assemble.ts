import { randomUUID } from 'node:crypto';
import { applicationDefault, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { onDocumentCreated, onDocumentWritten } from 'firebase-functions/firestore';
import { systemClock } from '../clock';
import { openCredentials } from '../google/open-credentials';
import { logFor } from '../log/write-log';
import { parseDocument, type Entitlement } from '../premium/document';
import { EntitlementError } from '../premium/entitlement-error';
import { Problem } from '../problem';
import { httpClient } from '../upstream/http-client';
import { runPushDaily } from './daily';
import { describeFailure } from './failure';
import { openMessaging } from './open-messaging';
import { parsePushParameters } from './parameters';
import { type News, newsOfChange } from './premium-news';
import { sendNotification } from './send-notification';
import { createStore } from './store';

type Environment = NodeJS.ProcessEnv;
type Snapshot = { readonly exists: boolean; data(): unknown } | undefined;

/** As declared in functions.ts, which must not load this file. */
const NOTIFICATIONS = 'users/{uid}/notifications/{id}';
const ENTITLEMENTS = 'entitlements/{uid}';

/**
 * Connects to Firestore, with Application Default Credentials: firebase-admin opens it with these or a
 * key only, and its client asks for tokens by itself. Every call is bounded; see store.ts.
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
  return { firestore, store: createStore(firestore), clock: systemClock, projectId };
}

function parametersOrLog(env: Environment): string {
  try {
    return parsePushParameters(env);
  } catch (error) {
    if (error instanceof Problem) {
      const { operator } = error.extras;
      logFor(env)({
        severity: 'ERROR',
        message: `push: ${error.code}`,
        ...(operator && { operator }),
      });
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
  const { store, clock, projectId } = open(env);
  const credentials = openCredentials(env, httpClient(clock), clock);
  const log = logFor(env);
  const messaging = openMessaging(credentials, projectId, log);
  const settings = { store, messaging, clock, random: Math.random, log, projectId };
  return onDocumentCreated(NOTIFICATIONS, ({ params: { uid, id } }) =>
    sendNotification({ uid, id }, settings),
  );
}

/** The handler of `pushPremium`: tells a user that premium was opened or refunded. */
export function createPremiumHandler(env: Environment) {
  const { store, projectId } = open(env);
  return onDocumentWritten(ENTITLEMENTS, async ({ params: { uid }, data }) => {
    const news = newsOf(uid, data?.before, data?.after);
    if (!news) return;
    await store.create({ uid, id: news.id }, news.content).catch((error: unknown) => {
      const message = 'push: a notification was not written; the event is delivered again';
      const caller = { projectId, service: 'pushpremium' };
      logFor(env)({ message, uid, id: news.id, ...describeFailure(error, caller, []) });
      throw error;
    });
  });
}

/** The handler of `pushDaily`. */
export async function pushDaily(env: Environment): Promise<void> {
  const { firestore, store, clock, projectId } = open(env);
  const log = logFor(env);
  try {
    await runPushDaily({ firestore, store, now: clock.now, log });
  } catch (error) {
    const message = 'push: the daily run did not finish; it is retried';
    const failure = describeFailure(error, { projectId, service: 'pushdaily' }, []);
    log({ message, ...failure, severity: 'ERROR' });
    throw error;
  }
}
