import { Problem } from '../problem';

/** The rewrite's prefix, which the backend does not see. */
const PREFIX = '/backend';

/** As the gateway's: what intermediaries should support. */
const MAX_LENGTH = 8_192;

/** What RFC 3986 allows in a path. No empty segment, except after a trailing slash. */
const PATH = /^(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*\/?$/;
const QUERY = /^[A-Za-z0-9._~!$&'()*+,;=:@%/?[\]-]*$/;

/** Would mean something else to one of the programs on the way, which decode paths once or twice. */
function isUnsafe(segment: string): boolean {
  try {
    const decoded = decodeURIComponent(segment);
    // Java's servers drop what follows a semicolon: `..;a` is `..` to them.
    return /^\.{1,2}(?:;|$)|[/\\%\p{Cc}]/u.test(decoded);
  } catch {
    return true;
  }
}

/**
 * The path and query that are sent to the backend, exactly as they came; undefined for a path that
 * could lead elsewhere: dots, and encoded slashes, backslashes, control characters and percent signs.
 *
 * @param target Below `/backend/`.
 * @throws Problem `invalid-request` for one that is too long, or a query that is none.
 */
export function backendTarget(target: string): string | undefined {
  if (target.length > MAX_LENGTH) {
    throw new Problem('invalid-request', { request: { target: 'too-long' } });
  }
  const mark = target.indexOf('?');
  const path = (mark === -1 ? target : target.slice(0, mark)).slice(PREFIX.length);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  if (!path.startsWith('/') || !PATH.test(path)) return undefined;
  if (path.split('/').some(isUnsafe)) return undefined;
  if (!QUERY.test(query)) throw new Problem('invalid-request', { request: { target: 'query' } });
  return mark === -1 ? path : `${path}?${query}`;
}
