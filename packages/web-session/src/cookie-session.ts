import { call, type Fields, succeeded } from './bridge';
import type { User } from './messages';

/** The session in the cookie `__session`, which only the server can read. */
export interface CookieSession {
  readonly user: User | null;
  readonly csrfToken: string | null;
}

function userFrom({ user }: Fields): User | null {
  if (typeof user !== 'object' || user === null) return null;
  const uid: unknown = Reflect.get(user, 'uid');
  const name: unknown = Reflect.get(user, 'name');
  return typeof uid === 'string' ? { uid, name: typeof name === 'string' ? name : null } : null;
}

/** @throws SessionError */
export async function readCookieSession(): Promise<CookieSession> {
  const reply = await call('/session/user', { method: 'GET' });
  // The bridge is deployed without its sessions, so there is none.
  if (reply.status === 404) return { user: null, csrfToken: null };
  const { csrfToken, ...fields } = succeeded(reply);
  return { user: userFrom(fields), csrfToken: typeof csrfToken === 'string' ? csrfToken : null };
}

/** @throws SessionError */
export async function signInWithCookie(customToken: string): Promise<User> {
  const user = userFrom(succeeded(await call('/session/sign_in', { body: { customToken } })));
  if (user === null) throw new Error('The bridge answered without a user.');
  return user;
}

/**
 * Ends the cookie's session, if there is one, and with `everywhere` all of the user's sessions.
 *
 * @throws SessionError
 */
export async function signOutOnServer(everywhere: boolean): Promise<void> {
  const { user, csrfToken } = await readCookieSession();
  if (user === null && !everywhere) return;
  succeeded(await call('/session/sign_out', { body: { everywhere }, csrfToken }));
}
