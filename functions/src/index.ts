import { onRequest } from 'firebase-functions/https';
import { createBridge } from './bridge';
import { secrets } from './config';
import { quietMalformedBodies } from './http/frameworkErrors';
import { drainingOnTermination } from './protection/drain';

quietMalformedBodies(process.env, console);

/**
 * `POST /auth_exchange`, `/auth_refresh`, `/auth_info`: Tiki login in, Firebase session out.
 * Public: the caller has no Firebase session yet; the auth code is what they are known by.
 */
export const auth = onRequest(
  {
    region: 'asia-southeast1',
    memory: '256MiB',
    concurrency: 80,
    timeoutSeconds: 30,
    invoker: 'public',
    // Ours knows the allowed origins; the emulator would otherwise allow every one.
    cors: false,
    secrets: [secrets.clientSecret],
  },
  drainingOnTermination(createBridge(process.env), process),
);
