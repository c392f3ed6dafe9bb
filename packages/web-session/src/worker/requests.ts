import { freshIdToken } from './account';
import { PREFIX } from './path-prefix';

/**
 * How long a request waits for its token, in ms: longer than a cold start of the gateway and one call
 * to Google.
 */
const TOKEN_MS = 8_000;

/** Paths of the bridge that sign somebody in, or ask about the cookie: no token belongs there. */
const SIGN_IN_PATHS = [
  '/auth_exchange',
  '/auth_info',
  '/auth_refresh',
  '/identitytoolkit/',
  '/securetoken/',
  '/session/csrf_token',
  '/session/hand_over',
  '/session/sign_in',
  '/session/trade',
  '/session/user',
];
/** The first is Hosting's own and has no prefix. */
const WITHOUT_TOKEN = ['/__/', ...SIGN_IN_PATHS.map((path) => PREFIX + path)];

const isSecure = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1';

/** Whether the worker adds the token to a request. It does not touch the others at all. */
export function takesToken(request: Request): boolean {
  const url = new URL(request.url);
  if (url.origin !== location.origin || !isSecure(url)) return false;
  if (WITHOUT_TOKEN.some((path) => url.pathname.startsWith(path))) return false;
  // A form of a foreign site arrives as a navigation. What the worker sends is same-origin, so it
  // would reach the server with the user's token and our own Origin. GET must change nothing.
  if (request.mode === 'navigate') return request.method === 'GET';
  // The header would need another mode, in which an image that redirects to another origin fails.
  if (request.mode === 'no-cors') return false;
  return !request.headers.has('Authorization');
}

function withToken(request: Request, token: string): Request {
  const headers = new Headers(request.headers);
  headers.set('Authorization', `Bearer ${token}`);
  // By default a copy names the worker's script as its referrer. A foreign referrer cannot be kept.
  const isOwn = request.referrer.startsWith(`${location.origin}/`);
  const { referrerPolicy } = request;
  // The copy keeps the body as bytes, and all other properties.
  return new Request(request, { headers, referrer: isOwn ? request.referrer : '', referrerPolicy });
}

const timeUp = (): Promise<undefined> =>
  new Promise((resolve) => {
    setTimeout(resolve, TOKEN_MS);
  });

/** Sends a request with the user's token; without a user, or when anything fails, unchanged. */
export async function send(request: Request): Promise<Response> {
  let outgoing = request;
  try {
    const token = await Promise.race([freshIdToken(), timeUp()]);
    if (token !== undefined) outgoing = withToken(request, token);
  } catch {
    // Such as offline with an expired token. The server answers as if nobody were signed in.
  }
  return fetch(outgoing);
}
