import type { SessionRequest } from './session';

/** Firebase Hosting removes every other cookie from a request before a function receives it. */
const NAME = '__session';

/** Browsers ignore a cookie whose name and value are longer. */
const MAX_BYTES = 4_096;

/** Secure also on http://localhost, which browsers trust. */
const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Lax';

/** A header's value; undefined if it is not there exactly once. */
export function headerOf({ headers }: SessionRequest, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/**
 * The value of the session's cookie. Two of that name are none: a page of a sibling domain may have
 * set one of them, to make its visitor use the attacker's session.
 */
export function sessionCookie(request: SessionRequest): string | undefined {
  const values = (headerOf(request, 'cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${NAME}=`))
    .map((pair) => pair.slice(NAME.length + 1));
  const [value] = values;
  return values.length === 1 && value !== '' ? value : undefined;
}

/**
 * The value of `Set-Cookie` for a session.
 *
 * @param seconds Until the session ends.
 * @throws RangeError if browsers would ignore the cookie.
 */
export function setCookie(value: string, seconds: number): string {
  if (NAME.length + value.length > MAX_BYTES) throw new RangeError('The cookie is too long');
  return `${NAME}=${value}; Max-Age=${seconds}; ${ATTRIBUTES}`;
}

/** The value of `Set-Cookie` that removes the session. */
export const CLEARED_COOKIE = `${NAME}=; Max-Age=0; ${ATTRIBUTES}`;
