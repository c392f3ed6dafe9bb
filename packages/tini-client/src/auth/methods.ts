import { type UserListener } from './listeners';
import { type User } from './session';

export interface SignInOptions {
  /** Scopes to request from the Tiki user; default none. */
  readonly scopes?: readonly string[];
}

export interface IdTokenOptions {
  /**
   * Refreshes the token even if it is still valid. Joins a refresh already in flight, whose claims
   * may be slightly older than this call.
   */
  readonly forceRefresh?: boolean;
}

/** The methods exposed to the app unchanged. */
export interface AuthMethods {
  /** Logs in with Tiki. Call it from a tap handler: Tiki may show a dialog. */
  readonly signIn: (options?: SignInOptions) => Promise<User>;
  readonly signOut: () => Promise<void>;
  /** A valid token, refreshed in the background in its last five minutes; forced, a new one. */
  readonly getIdToken: (options?: IdTokenOptions) => Promise<string>;
  /** Calls back once the user is known, then on each change. Returns the unsubscribe function. */
  readonly onAuthStateChanged: (listener: UserListener) => () => void;
  /** The same, and also on each new token: its claims may have changed. */
  readonly onIdTokenChanged: (listener: UserListener) => () => void;
  /**
   * Checks again who is logged in to Tiki, because that may have changed in the background. Call it
   * in `App.onShow`, unless `my.onAppShow` exists. Never rejects.
   */
  readonly resume: () => Promise<void>;
}
