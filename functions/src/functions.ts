import type { CloudEvent, CloudFunction } from 'firebase-functions';
import { onRequest, type HttpsFunction } from 'firebase-functions/https';
import { write } from 'firebase-functions/logger';
import { onSchedule, type ScheduleFunction } from 'firebase-functions/scheduler';
import type { Handler } from './http/handler';
import { lazily } from './lazy';
import {
  instances,
  paymentPlans,
  privateBackend,
  pushNotifications,
  runsAs,
  secrets,
  webOrigins,
} from './parameters';
import { firestoreTrigger } from './server/firestore-trigger';
import { takeOver, throughExpress } from './server/take-over';

/** The options of the public functions. */
const PUBLIC = {
  region: 'asia-southeast1',
  memory: '256MiB',
  concurrency: 80,
  timeoutSeconds: 30,
  minInstances: instances.least,
  maxInstances: instances.most,
  invoker: 'public',
  // The functions handle CORS themselves; otherwise the emulator allows every origin.
  cors: false,
} as const;

/**
 * For requests that arrive through Express. `write` and not `logFor`: the one entry that is written there
 * names nothing that depends on the deployment, and every cold start loads this file.
 */
const throughFramework = (handler: Handler): Handler => throughExpress(handler, process.env, write);

const authHandler = lazily(async () =>
  (await import('./auth/assemble.js')).createAuth(process.env),
);
const gatewayHandler = lazily(async () =>
  (await import('./gateway/gateway.js')).createGateway(process.env),
);
const sessionsHandler = lazily(async () =>
  (await import('./sessions/assemble.js')).createSessionsHandler(process.env),
);
const backendHandler = lazily(async () =>
  (await import('./backend/assemble.js')).createBackend(process.env),
);
const paymentsHandler = lazily(async () =>
  (await import('./payments/assemble.js')).createPayments(process.env),
);

/**
 * `POST /auth_exchange`, `/auth_refresh`, `/auth_info`: Tiki login in, Firebase session out.
 * Public: the caller has no Firebase session yet; the auth code is what identifies them.
 */
export const auth: HttpsFunction = onRequest(
  { ...PUBLIC, ...runsAs('tiki-auth'), secrets: [secrets.clientSecret] },
  throughFramework(authHandler),
);

/** Longer for uploads of files; Hosting waits as long. */
const GATEWAY = { ...PUBLIC, timeoutSeconds: 60 } as const;

/**
 * The Google endpoints that a Firebase client needs, on the developer's own domain: sign-in with the
 * custom token, token refresh, Firestore REST and files of Cloud Storage, plus Tini Console's validation file.
 * Public: Google judges each call by the ID token it carries, as it does without the gateway.
 */
export const gateway: HttpsFunction = onRequest(
  { ...GATEWAY, ...runsAs('tiki-gateway') },
  throughFramework(gatewayHandler),
);

/**
 * `/session/**`: hands a Tini App's session over to a web page, and keeps the sessions of pages
 * without a service worker in a cookie. Left out of a deployment that names no WEB_ORIGINS.
 *
 * The secret is bound by its name: with `defineSecret` every deployment would have to have it.
 */
export const sessions: HttpsFunction = onRequest(
  {
    ...PUBLIC,
    ...runsAs('tiki-sessions'),
    memory: '512MiB',
    secrets: ['SESSION_KEYS'],
    omit: webOrigins.equals(''),
  },
  throughFramework(sessionsHandler),
);

/**
 * `/backend/**`: the developer's own Cloud Run service, function or IAP resource, which only this
 * function may call, and which learns who the user is. Left out of a deployment that names no
 * PRIVATE_BACKEND_URL. Reads sessions in cookies too.
 */
export const backend: HttpsFunction = onRequest(
  {
    ...GATEWAY,
    ...runsAs('tiki-backend'),
    memory: '512MiB',
    secrets: ['SESSION_KEYS'],
    omit: privateBackend.equals(''),
  },
  throughFramework(backendHandler),
);

/** Left out of a deployment that names no PAYMENT_PLANS. */
const PAYMENTS = { memory: '512MiB', omit: paymentPlans.equals('') } as const;

/**
 * `/plans`, `/orders`, `/orders/**`: what is sold, and the orders of customers; `/tiki_ipn`: Tiki's
 * notifications about them. Public: Tiki signs its notifications. Reads sessions in cookies too.
 */
export const payments: HttpsFunction = onRequest(
  {
    ...PUBLIC,
    ...PAYMENTS,
    ...runsAs('tiki-payments'),
    secrets: [secrets.clientSecret, 'SESSION_KEYS'],
  },
  throughFramework(paymentsHandler),
);

/** Compares unfinished orders with Tiki, finishes what was interrupted, and completes what was delivered. */
export const reconcilePayments: ScheduleFunction = onSchedule(
  {
    ...PAYMENTS,
    ...runsAs('tiki-reconcile-payments'),
    region: 'asia-southeast1',
    schedule: 'every 5 minutes',
    timeoutSeconds: 540,
    maxInstances: 1,
    secrets: [secrets.clientSecret],
  },
  async () => {
    const jobs = await import('./payments/jobs.js');
    await jobs.reconcilePayments(process.env);
  },
);

/** Once a day: whether the orders of the day before agree with Tiki's. */
export const paymentsDaily: ScheduleFunction = onSchedule(
  {
    ...PAYMENTS,
    ...runsAs('tiki-payments-daily'),
    region: 'asia-southeast1',
    schedule: 'every day 04:30',
    timeZone: 'Asia/Ho_Chi_Minh',
    retryCount: 3,
    timeoutSeconds: 1_800,
    maxInstances: 1,
    secrets: [secrets.clientSecret],
  },
  async () => {
    const jobs = await import('./payments/jobs.js');
    await jobs.paymentsDaily(process.env);
  },
);

/** Once a day: repairs what differs between stored entitlements and the claims of accounts. */
export const reconcilePremium: ScheduleFunction = onSchedule(
  {
    ...runsAs('tiki-reconcile-premium'),
    region: 'asia-southeast1',
    schedule: 'every day 03:15',
    timeZone: 'Asia/Ho_Chi_Minh',
    retryCount: 3,
    memory: '512MiB',
    timeoutSeconds: 1_800,
    maxInstances: 1,
  },
  async () => {
    const { reconcilePremiumDaily } = await import('./premium/daily.js');
    await reconcilePremiumDaily(process.env);
  },
);

/** Left out of a deployment that does not set PUSH_NOTIFICATIONS. */
const PUSH = {
  region: 'asia-southeast1',
  memory: '512MiB',
  omit: pushNotifications.equals(false),
} as const;

/** Sends a notification that a server has written to its user's devices, through FCM. */
export const pushNotification: CloudFunction<CloudEvent<unknown>> = firestoreTrigger(
  {
    ...PUSH,
    ...runsAs('tiki-push-notification'),
    on: 'created',
    document: 'users/{uid}/notifications/{id}',
    // Each sends to one user's devices, and waits for FCM for most of the time.
    concurrency: 20,
    maxInstances: 20,
    timeoutSeconds: 300,
    retry: true,
  },
  async () => (await import('./push/assemble.js')).createNotificationHandler(process.env),
);

/** Writes a notification when premium is opened or refunded. */
export const pushPremium: CloudFunction<CloudEvent<unknown>> = firestoreTrigger(
  {
    ...PUSH,
    ...runsAs('tiki-push-premium'),
    on: 'written',
    document: 'entitlements/{uid}',
    concurrency: 20,
    maxInstances: 20,
    timeoutSeconds: 60,
    retry: true,
  },
  async () => (await import('./push/assemble.js')).createPremiumHandler(process.env),
);

/** Once a day: reminds of premium that ends, and forgets devices that are gone. */
export const pushDaily: ScheduleFunction = onSchedule(
  {
    ...PUSH,
    ...runsAs('tiki-push-daily'),
    schedule: 'every day 10:00',
    timeZone: 'Asia/Ho_Chi_Minh',
    retryCount: 3,
    timeoutSeconds: 1_800,
    maxInstances: 1,
  },
  async () => {
    const push = await import('./push/assemble.js');
    await push.pushDaily(process.env);
  },
);

takeOver(
  [
    { exported: auth, handler: authHandler },
    { exported: gateway, handler: gatewayHandler },
    { exported: sessions, handler: sessionsHandler },
    { exported: backend, handler: backendHandler },
    { exported: payments, handler: paymentsHandler },
  ],
  process,
);
