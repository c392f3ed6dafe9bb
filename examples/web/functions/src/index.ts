import { onRequest } from 'firebase-functions/https';
import { verifySession } from 'tiki-firebase-bridge/sessions';
import type { Assets } from './pages/layout';
import { respond } from './respond';
import { readSettings } from './settings';

/** Put in by the build, which knows the names that Vite gave the files. */
declare const PAGE_ASSETS: Assets;

/** The pages of the web example, behind Hosting's rewrites. Public: visitors may be signed out. */
export const app = onRequest(
  {
    region: 'asia-southeast1',
    memory: '256MiB',
    concurrency: 80,
    timeoutSeconds: 30,
    invoker: 'public',
    // Otherwise the emulator allows every origin.
    cors: false,
    // To open the session's cookie.
    secrets: ['SESSION_KEYS'],
  },
  async (request, response) => {
    const { status, headers, body } = await respond(
      {
        method: request.method,
        url: request.url,
        acceptLanguage: request.get('accept-language'),
      },
      {
        settings: readSettings(process.env),
        assets: PAGE_ASSETS,
        now: Date.now,
        verify: async (refresh = false) => {
          const result = await verifySession(request, { checkRevoked: true, refresh });
          return result.ok
            ? { visitor: result.session, setCookie: result.setCookie }
            : { visitor: undefined, setCookie: undefined };
        },
      },
    );
    response.status(status).set(headers).send(body);
  },
);
