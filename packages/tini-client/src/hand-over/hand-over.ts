import { type Connection } from '../connection';
import { merge } from '../merge';
import { fieldsOf, parseJson } from '../runtime/answer';

/** The type of both messages: the page's announcement, and the answer with the code. */
const TYPE = 'tiki-firebase-hand-over';

/** 32 bytes in base64url: the SHA-256 of the page's verifier, and the code. */
const BYTES_32 = /^[\w-]{43}$/;

const ORIGIN = /^https?:\/\/[^\s/?#@\\]+$/;

/** What `my.createWebViewContext(id)` returns. */
export interface WebViewContext {
  postMessage(message: Record<string, string>): unknown;
}

export interface HandOverOptions {
  /**
   * The origins of the pages that may get the user's session, such as `https://www.example.vn`. All of
   * them are in the bridge's `WEB_ORIGINS`. Default: the origin of `baseUrl`.
   */
  readonly origins?: readonly string[];
}

/**
 * Answers a message from the web-view: call it with the event of `<web-view onMessage>`. Resolves to
 * true if the message was an announcement, and to false if it is one of the app's own.
 *
 * Rejects with a TikiFirebaseError if the page gets no code: `not-signed-in` and the other codes of
 * calls without a user, `forbidden` for an origin that is not allowed here or at the bridge,
 * `not-configured` if the bridge has no web sessions. The page repeats its announcement, and so the
 * next one may be answered.
 */
export type AnswerWebView = (event: unknown) => Promise<boolean>;

/**
 * Hands the signed-in user over to a page in a web-view. The page announces the hash of a secret; the
 * bridge gives a code that only works once, within 60 s, on that origin and with that secret; the page
 * trades it for a session of its own. No token of this client reaches the page.
 *
 * @param webViewContext From `my.createWebViewContext`.
 */
export type HandOver = (webViewContext: WebViewContext, options?: HandOverOptions) => AnswerWebView;

/** `my.postMessage(message)` of a page arrives as `detail.data` or as `detail`, perhaps as JSON. */
function messageOf(event: unknown) {
  const detail = fieldsOf(parseJson(fieldsOf(event)['detail']));
  const data = parseJson(detail['data']);
  return typeof data === 'object' && data ? fieldsOf(data) : detail;
}

/** A code, and what it is for. */
interface Handed {
  readonly challenge: string;
  readonly uid: string;
  readonly code: string;
}

/** Pass it to createTikiFirebase as `handOver`. */
export function handOver(connection: Connection): HandOver {
  const { authorised, baseUrl, dataOf, send, session } = connection;

  async function requestCode(challenge: string, origin: string): Promise<Handed> {
    let uid = '';
    const answer = await authorised((headers, { user }) => {
      uid = user.uid;
      // Pages show the account's name, which a login with a custom token does not set.
      const { name } = user.customer;
      return send(connection, {
        url: `${baseUrl}/session/hand_over`,
        method: 'POST',
        headers,
        data: merge({ challenge, origin }, name ? { name } : {}),
      });
    });
    const { code } = dataOf(connection, answer);
    if (typeof code !== 'string' || !BYTES_32.test(code)) {
      connection.failWith('bad-response', { status: answer.status });
    }
    return { challenge, uid, code };
  }

  return (webViewContext, { origins = [baseUrl.replace(/^(\w+:\/\/[^/]+).*/, '$1')] } = {}) => {
    if (!Array.isArray(origins) || !origins.every((origin) => ORIGIN.test(String(origin)))) {
      connection.failWith('invalid-argument', { detail: 'origins' });
    }
    let isAsking = false;
    /** The last announcement. Pages repeat theirs until they are answered. */
    let announced = '';
    let handed: Handed | undefined;

    return async (event) => {
      const { type, challenge, origin } = messageOf(event);
      if (type !== TYPE) return false;
      if (typeof challenge !== 'string' || !BYTES_32.test(challenge)) {
        connection.failWith('invalid-argument', { detail: 'challenge' });
      }
      if (typeof origin !== 'string' || origins.indexOf(origin) < 0) {
        connection.failWith('forbidden', { detail: String(origin) });
      }
      announced = challenge;
      if (isAsking) return true;
      const { user } = session();
      if (!handed || !user || handed.challenge !== challenge || handed.uid !== user.uid) {
        isAsking = true;
        try {
          handed = await requestCode(challenge, origin);
        } finally {
          isAsking = false;
        }
      }
      // A page that was opened in the meantime gets a code of its own when it repeats its announcement.
      if (announced === challenge) webViewContext.postMessage({ type: TYPE, code: handed.code });
      return true;
    };
  };
}
