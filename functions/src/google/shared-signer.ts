import type { SigningAccounts } from './signing-failure';

/** What firebase-admin signs with, and for which accounts, as far as that is known. */
export interface TokenSigner {
  /** Resolves at once, or as soon as there is what signing needs; rejects when there is not. */
  readonly ready: () => Promise<void>;
  readonly createCustomToken: (uid: string, claims: object) => Promise<string>;
  readonly createAppCheckToken: (appId: string) => Promise<AppCheckToken>;
  /** For the operator's log, asked only after a failure. */
  readonly accounts: () => Promise<SigningAccounts>;
}

export interface AppCheckToken {
  readonly token: string;
  readonly ttlMillis: number;
}

export interface SharedSigner {
  readonly current: () => Promise<TokenSigner>;
  /** A signer that is stuck may stay so: its credentials wait for an access token for everybody. */
  readonly leaveBehind: (stuck: Promise<TokenSigner>) => void;
}

/**
 * One signer for all requests, opened with the first that needs it. One that could not be opened
 * is tried again with the next request.
 */
export function sharedSigner(open: () => Promise<TokenSigner>): SharedSigner {
  let signer: Promise<TokenSigner> | undefined;
  return {
    current: () => {
      signer ??= open().catch((error: unknown) => {
        signer = undefined;
        throw error;
      });
      return signer;
    },
    leaveBehind: (stuck) => {
      if (signer === stuck) signer = undefined;
    },
  };
}
