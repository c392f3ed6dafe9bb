import type { SigningAccounts } from './signing-failure';

/** Signs with firebase-admin. */
export interface TokenSigner {
  /** Resolves as soon as everything that signing needs is there; rejects when it is not. */
  readonly ready: () => Promise<void>;
  readonly createCustomToken: (uid: string, claims: object) => Promise<string>;
  readonly createAppCheckToken: (appId: string) => Promise<AppCheckToken>;
  /** For the operator's log; called only after a failure. */
  readonly accounts: () => Promise<SigningAccounts>;
}

export interface AppCheckToken {
  readonly token: string;
  readonly ttlMillis: number;
}

export interface SharedSigner {
  readonly current: () => Promise<TokenSigner>;
  /** Replaces a signer that hangs, since every later caller would wait for the same access token. */
  readonly leaveBehind: (stuck: Promise<TokenSigner>) => void;
}

/** One signer for all requests, opened by the first that needs it; retried after a failure. */
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
