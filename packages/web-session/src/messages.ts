// What pages and the worker tell each other. ID tokens and refresh tokens never leave the worker.

/** Marks our messages among those of the site, and names the channel on which changes are announced. */
export const SESSION = 'tiki-firebase-session';

export interface User {
  /** `tiki:` and the customer's id. */
  readonly uid: string;
  /** The account's display name. */
  readonly name: string | null;
}

export type Command =
  | { readonly command: 'signIn'; readonly customToken: string }
  | { readonly command: 'signOut' }
  | { readonly command: 'refresh' }
  | { readonly command: 'user' };

export type Question = Command & { readonly type: typeof SESSION };

/** The answer, on the port that came with the question. */
export type Answer =
  | { readonly ok: true; readonly user: User | null }
  /** Firebase's code, such as `auth/invalid-custom-token`. */
  | { readonly ok: false; readonly code: string };
