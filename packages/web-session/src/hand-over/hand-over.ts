import { call, succeeded } from '../bridge';
import { SessionError } from '../errors';
import type { Session, User } from '../session';
import { newVerifier } from './verifier';
import { announce, isInWebView, listen } from './web-view';

export interface HandOverOptions {
  /** How long to wait for the Tini App, in ms; default 20 000. */
  readonly timeoutMs?: number;
}

/** @returns The custom token, or undefined if the code was made for another page, used, or expired */
async function trade(prefix: string, code: string, verifier: string): Promise<string | undefined> {
  const reply = await call(`${prefix}/session/trade`, { body: { code, verifier } });
  if (reply.fields.code === 'invalid-hand-over') return undefined;
  const { customToken } = succeeded(reply);
  if (typeof customToken !== 'string') throw new SessionError('unreachable');
  return customToken;
}

/** Asks the Tini App for a code until one can be traded. */
function customTokenFromApp(
  prefix: string,
  verifier: string,
  challenge: string,
  timeoutMs: number,
) {
  return new Promise<string>((resolve, reject) => {
    let trading = false;
    let refused = '';
    const end = () => {
      clearTimeout(timer);
      stopAnnouncing();
      stopListening();
    };
    const timer = setTimeout(() => {
      end();
      reject(new SessionError(isInWebView() ? 'app-silent' : 'not-in-tini-app'));
    }, timeoutMs);
    const stopAnnouncing = announce(challenge);
    const stopListening = listen((code) => {
      if (trading || code === refused) return;
      trading = true;
      trade(prefix, code, verifier)
        .then((customToken) => {
          trading = false;
          if (customToken === undefined) {
            // Perhaps not from our app: keep waiting.
            refused = code;
            return;
          }
          end();
          resolve(customToken);
        })
        .catch((error: unknown) => {
          end();
          reject(error instanceof Error ? error : new SessionError('unreachable'));
        });
    });
  });
}

/**
 * Signs in the user of the Tini App that shows this page in its `<web-view>`. The app must answer with
 * `handOver` of `tiki-firebase-client/hand-over`.
 *
 * Call it whenever the app opens the page, also if there is a session already: what a web-view stores
 * belongs to the app, not to the Tiki user, so that session may be another user's.
 *
 *     const user = await handOver(session);
 *
 * @throws SessionError `not-in-tini-app`, `app-silent`, and as `signIn` does
 */
export async function handOver(
  session: Session,
  { timeoutMs = 20_000 }: HandOverOptions = {},
): Promise<User> {
  const { verifier, challenge } = await newVerifier();
  const { pathPrefix } = session;
  return session.signIn(await customTokenFromApp(pathPrefix, verifier, challenge, timeoutMs));
}
