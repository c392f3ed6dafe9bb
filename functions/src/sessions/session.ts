/** A request as Node, Express and Firebase have it, or a `Request` of the Fetch API. */
export interface SessionRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> | Headers;
}

/** Who is asking. */
export interface Session {
  readonly uid: string;
  /** The display name of the account, which users choose themselves; null where it has none. */
  readonly name: string | null;
  /** The claims of the ID token: premium is `premiumAccount` and `premiumUntil` (epoch ms). */
  readonly claims: Readonly<Record<string, unknown>>;
  /** For `initializeServerApp({authIdToken})`, so that security rules decide what may be read. */
  readonly idToken: string;
  /** `header`: the service worker's `Authorization`; `cookie`: the cookie `__session`. */
  readonly via: 'header' | 'cookie';
  /** With a cookie only: what requests that change something must send as `X-CSRF-Token`. */
  readonly csrfToken?: string;
}

/** The result of `verifySession`. */
export type SessionResult =
  | {
      readonly ok: true;
      readonly session: Session;
      /** To be sent as `Set-Cookie` with `Cache-Control: private, no-store`; often undefined. */
      readonly setCookie?: string;
    }
  /** Nobody is signed in. Why is not said: no caller needs to know, and an attacker would use it. */
  | { readonly ok: false };

export interface VerifyOptions {
  /**
   * Also ask Firebase whether the user was disabled or deleted, or signed out everywhere, since the
   * ID token was made: one call more. Without it such a user is out within an hour.
   */
  readonly checkRevoked?: boolean;
  /**
   * With a cookie, get a new ID token, whose claims are the account's of now: one call more. For a
   * page that knows of a change, such as a purchase a moment ago. With a header it has no effect: only
   * the page can get a new token (`session.refresh()`).
   */
  readonly refresh?: boolean;
}
