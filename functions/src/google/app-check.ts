import type { Guarded } from '../upstream/circuit-breaker';
import type { RequestContext } from '../upstream/request-context';
import { TimeUp, withinDeadline } from '../clock';
import type { AppCheckToken, SharedSigner } from './signer';
import { isBusy } from './signing-failure';

/** Kept short: App Check is optional, but a hang delays every login. */
const APP_CHECK_TIMEOUT_MS = 800;

/** An App Check token for a Tini App, which has no attestation provider of its own. */
export interface AppCheck {
  readonly appCheckToken: string;
  /** Seconds. */
  readonly appCheckExpiresIn: number;
}

/** A token, or why there is none. */
export type AppCheckResult = { readonly token: AppCheck } | { readonly failure: unknown };

/**
 * Mints an App Check token. Never rejects: a login does not depend on it.
 *
 * @see https://firebase.google.com/docs/app-check/custom-provider
 */
export type MintAppCheck = (context: RequestContext) => Promise<AppCheckResult>;

/** @param appId The Firebase app that the token is for. */
export function createAppCheckMint(
  signer: SharedSigner,
  guarded: Guarded,
  appId: string,
): MintAppCheck {
  const minted = async (): Promise<AppCheckToken> =>
    (await signer.current()).createAppCheckToken(appId);

  return async ({ deadline, caller }) => {
    try {
      const { token, ttlMillis } = await guarded({
        caller,
        run: () => withinDeadline(APP_CHECK_TIMEOUT_MS, deadline, minted()),
        judge: {
          answer: () => 'success',
          error: (error) => {
            if (error instanceof TimeUp && error.cutShort) return 'unknown';
            return isBusy(error) ? 'success' : 'failure';
          },
        },
      });
      return {
        token: { appCheckToken: token, appCheckExpiresIn: Math.floor(ttlMillis / 1_000) },
      };
    } catch (failure) {
      return { failure };
    }
  };
}
