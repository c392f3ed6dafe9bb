/*
 * The entry `tiki-firebase-bridge/sessions`: what people's own functions and servers use to know who
 * is asking. Reads the same parameters and secret from the environment as the function `sessions`.
 */
import { deadlineIn, systemClock } from '../clock';
import { headerOf, sessionCookie } from './cookie';
import { openReader, type OpenedReader } from './open-reader';
import { parseReadingParameters } from './parameters';
import type { Session, SessionRequest, SessionResult, VerifyOptions } from './session';

export type { Session, SessionRequest, SessionResult, VerifyOptions } from './session';

/** For all calls to Google together. */
const TIMEOUT_MS = 8_000;

let opened: OpenedReader | undefined;

/** Opened by the first request, so that a module can import this before its parameters are set. */
const open = (): OpenedReader =>
  (opened ??= openReader(parseReadingParameters(process.env), process.env));

let isWarned = false;

/**
 * Otherwise somebody who signs in with a cookie stays signed out here, and nobody learns why. No error:
 * a site that uses the header alone may have a cookie of this name for something else.
 */
function warnOfUnreadCookie(request: SessionRequest): void {
  if (isWarned || open().cookies || sessionCookie(request) === undefined) return;
  isWarned = true;
  console.warn(
    'A cookie __session came, and SESSION_KEYS is not set, so it is not read. If it is a session: ' +
      "add secrets: ['SESSION_KEYS'] to the options of this function, or set it in the environment " +
      'of this server, and deploy it again.',
  );
}

/**
 * Who is asking: from the ID token in `Authorization: Bearer`, which the service worker sends, or
 * from the cookie `__session`.
 *
 * Reads `GCLOUD_PROJECT` (or `GOOGLE_CLOUD_PROJECT`) and, for cookies, the secret `SESSION_KEYS` and
 * `WEB_API_KEY`. Send an answer that depends on the result with `Cache-Control: private, no-store`.
 *
 * @returns `{ok: true, session, setCookie?}`, or `{ok: false}` for everybody else.
 * @throws Error with the `code` `upstream-unavailable`, `upstream-timeout` or
 *   `upstream-bad-response` when Google does not answer (try again: nobody is signed out), or
 *   `misconfigured`, whose `extras.operator` says what to do.
 */
export async function verifySession(
  request: SessionRequest,
  options: VerifyOptions = {},
): Promise<SessionResult> {
  const result = await open().reader.read(request, options, deadlineIn(TIMEOUT_MS, systemClock));
  if (!result.ok) warnOfUnreadCookie(request);
  return result;
}

/**
 * Whether a request that changes something may have been sent by a foreign site (CSRF): a cookie
 * goes along with those too, so such a request must carry the session's CSRF token. One with a
 * session from the header needs none, since no other site can send that header.
 *
 * @param csrfToken What the request brought; undefined: its header `X-CSRF-Token`. For a form, pass
 *   its field.
 */
export async function isForgedRequest(
  request: SessionRequest,
  session: Session,
  csrfToken?: string,
): Promise<boolean> {
  if (session.via === 'header') return false;
  return open().reader.isForged(request, csrfToken ?? headerOf(request, 'x-csrf-token'));
}
