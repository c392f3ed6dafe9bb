import type { Deadline } from '../clock';
import type { CircuitBreaker } from '../protection/circuitBreaker';
import type { SharedSigner } from './sharedSigner';
import { within } from '../within';

/** Short: every login waits for it, and none depends on it. */
const APP_CHECK_TIMEOUT_MS = 1_500;

/** An App Check token for a Tini App, which has no attestation provider of its own. */
export interface AppCheck {
  readonly appCheckToken: string;
  /** Seconds. */
  readonly appCheckExpiresIn: number;
}

/**
 * Mints an App Check token, or tells `failed` why there is none: a login does not depend on it.
 *
 * @see https://firebase.google.com/docs/app-check/custom-provider
 */
export type MintAppCheck = (
  deadline: Deadline,
  failed: (cause: unknown) => void,
) => Promise<AppCheck | undefined>;

/** @param appId The Firebase app the token is for; undefined: App Check is not used. */
export function createAppCheckMint(
  signer: SharedSigner,
  breaker: CircuitBreaker,
  appId: string | undefined,
): MintAppCheck {
  if (appId === undefined) return () => Promise.resolve(undefined);
  return async (deadline, failed) => {
    const { permit } = breaker.admit();
    if (!permit) {
      failed(new Error('App Check has failed too often and is left alone for a moment'));
      return undefined;
    }
    try {
      const minting = (async () => (await signer.current()).createAppCheckToken(appId))();
      const { token, ttlMillis } = await within(
        Math.min(APP_CHECK_TIMEOUT_MS, deadline()),
        minting,
      );
      permit('success');
      return { appCheckToken: token, appCheckExpiresIn: Math.floor(ttlMillis / 1_000) };
    } catch (cause) {
      permit('failure');
      failed(cause);
      return undefined;
    }
  };
}
