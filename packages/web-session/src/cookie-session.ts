import { call, type Fields, succeeded } from './bridge';
import type { User } from './messages';

function userFrom({ user }: Fields): User | null {
  if (typeof user !== 'object' || user === null) return null;
  const uid: unknown = Reflect.get(user, 'uid');
  const name: unknown = Reflect.get(user, 'name');
  return typeof uid === 'string' ? { uid, name: typeof name === 'string' ? name : null } : null;
}

/** The answer to a question about the cookie `__session`, which only the server can read. */
async function ask(path: string): Promise<Fields> {
  const reply = await call(path, { method: 'GET' });
  // The bridge is deployed without its sessions, so there is none.
  return reply.status === 404 ? {} : succeeded(reply);
}

/** @throws SessionError */
export async function readCookieUser(prefix: string): Promise<User | null> {
  return userFrom(await ask(`${prefix}/session/user`));
}

/** @throws SessionError */
export async function signInWithCookie(prefix: string, customToken: string): Promise<User> {
  const reply = await call(`${prefix}/session/sign_in`, { body: { customToken } });
  const user = userFrom(succeeded(reply));
  if (user === null) throw new Error('The bridge answered without a user.');
  return user;
}

/**
 * Ends the cookie's session, if there is one, and with `everywhere` all of the user's sessions.
 *
 * @throws SessionError
 */
export async function signOutOnServer(prefix: string, everywhere: boolean): Promise<void> {
  // Not from `/session/user`, which fails while Google does.
  const { csrfToken: token } = await ask(`${prefix}/session/csrf_token`);
  const csrfToken = typeof token === 'string' ? token : null;
  if (csrfToken === null && !everywhere) return;
  succeeded(await call(`${prefix}/session/sign_out`, { body: { everywhere }, csrfToken }));
}
