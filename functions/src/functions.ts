import { onRequest } from 'firebase-functions/https';
import { onSchedule } from 'firebase-functions/scheduler';
import { takeRequestsOver } from './server/before-framework';
import { quietFramework } from './server/framework-errors';
import { lazyHandler } from './http/lazy-handler';
import { withoutDomains } from './server/without-domains';
import { secrets } from './parameters';
import { drainingOnTermination } from './server/drain';

takeRequestsOver(process.env);
quietFramework(process.env, console);
withoutDomains();

/** What both functions that anybody may call have in common. */
const PUBLIC = {
  region: 'asia-southeast1',
  memory: '256MiB',
  concurrency: 80,
  timeoutSeconds: 30,
  invoker: 'public',
  // Ours knows the allowed origins; the emulator would otherwise allow every one.
  cors: false,
} as const;

/**
 * `POST /auth_exchange`, `/auth_refresh`, `/auth_info`: Tiki login in, Firebase session out.
 * Public: the caller has no Firebase session yet; the auth code is what they are known by.
 */
export const auth = onRequest(
  { ...PUBLIC, secrets: [secrets.clientSecret] },
  drainingOnTermination(
    lazyHandler(async () => (await import('./auth/assemble.js')).createBridge(process.env)),
    process,
  ),
);

/**
 * What a Firebase client needs of Google, served from the developer's own domain: sign-in with the
 * custom token, token refresh and Firestore REST, plus Tini Console's validation file.
 * Public: Google judges each call by the ID token it carries, as it would without this in between.
 */
export const gateway = onRequest(
  PUBLIC,
  drainingOnTermination(
    lazyHandler(async () => (await import('./gateway/gateway.js')).createGateway(process.env)),
    process,
  ),
);

/** Once a day: mends what differs between stored entitlements and the claims of accounts. */
export const reconcilePremium = onSchedule(
  {
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
