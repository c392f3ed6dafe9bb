import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from 'firebase-functions/logger';
import { answerWith } from '../../../src/server/take-over';
import { createSessionsHandler } from '../../../src/sessions/assemble';
import { PROJECT, startAuthServer, type AuthServer } from './auth-server';

/** The pages' own origin. */
export const ORIGIN = 'https://shop.example.com';

export const newKey = (): string => randomBytes(32).toString('base64');
export const newSecret = (): string => randomBytes(32).toString('base64url');

export interface SessionCall {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Moves the clock of this process, Google's stand-in included. Timers go on as they are. */
export function moveClock(ms: number): void {
  jest.useFakeTimers({
    now: Date.now() + ms,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'clearImmediate',
      'clearInterval',
      'clearTimeout',
      'setImmediate',
      'setInterval',
      'setTimeout',
    ],
  });
}

/** The function `sessions` on a socket, before a stand-in for Firebase Authentication. */
export interface TestSite {
  readonly origin: string;
  readonly auth: AuthServer;
  readonly key: string;
  /** Everything that was logged, as JSON. */
  readonly logged: () => string;
  /** A request of a page of our own origin; JSON where it has a body. */
  readonly ask: (path: string, call?: SessionCall) => Promise<Response>;
  /** Signs in; resolves with what the page and its browser then have. */
  readonly signIn: (customerId?: string) => Promise<{
    readonly cookie: string;
    readonly csrfToken: string;
    readonly response: Response;
  }>;
  /** The same function with other parameters, before the same accounts, until `close`. */
  readonly sibling: (env: Readonly<Record<string, string>>) => Promise<TestSite>;
  readonly close: () => Promise<void>;
}

/** The `name=value` of a `Set-Cookie`. */
export function cookieOf(response: Response): string {
  return response.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}

export async function startSite(env: Readonly<Record<string, string>> = {}): Promise<TestSite> {
  // Loaded here, because jest takes longer for it than a request may.
  await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/auth'),
    import('../../../src/sessions/assemble.js'),
  ]);
  const auth = await startAuthServer();
  // The Admin SDK reads it from the process.
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] = auth.host;
  const site = await serveSite(env, auth);
  return {
    ...site,
    close: async () => {
      await site.close();
      await auth.close();
      jest.useRealTimers();
      delete process.env['FIREBASE_AUTH_EMULATOR_HOST'];
    },
  };
}

async function serveSite(
  env: Readonly<Record<string, string>>,
  auth: AuthServer,
): Promise<TestSite> {
  const entries: LogEntry[] = [];
  const siblings: TestSite[] = [];
  const key = newKey();
  const handler = createSessionsHandler(
    {
      GCLOUD_PROJECT: PROJECT,
      FIREBASE_AUTH_EMULATOR_HOST: auth.host,
      WEB_ORIGINS: ORIGIN,
      SESSION_KEYS: key,
      RATE_LIMIT_PER_MINUTE: '0',
      ...env,
    },
    { log: (entry) => entries.push(entry) },
  );
  const server = createServer();
  answerWith(server, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const ask: TestSite['ask'] = (path, { method, body, headers } = {}) =>
    fetch(origin + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json', Origin: ORIGIN }),
        ...headers,
      },
      ...(body !== undefined && {
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });

  return {
    origin,
    auth,
    key,
    ask,
    logged: () => JSON.stringify(entries),
    signIn: async (customerId = '1001') => {
      const customToken = auth.customToken(customerId);
      const response = await ask('/session/sign_in', { body: { customToken } });
      const { csrfToken } = (await response.clone().json()) as { readonly csrfToken: string };
      return { cookie: cookieOf(response), csrfToken, response };
    },
    sibling: async (other) => {
      const sibling = await serveSite({ ...env, ...other }, auth);
      siblings.push(sibling);
      return sibling;
    },
    close: async () => {
      await Promise.all(siblings.map((each) => each.close()));
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
