import type { Deadline } from '../clock';
import type { CircuitBreaker } from '../upstream/circuit-breaker';
import type { SharedSigner } from '../google/shared-signer';
import { TimeUp, within } from '../upstream/within';

/** Short: while App Check hangs every login waits for so long, and none depends on it. */
const APP_CHECK_TIMEOUT_MS = 800;

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
    const bound = Math.min(APP_CHECK_TIMEOUT_MS, deadline());
    try {
      const minting = (async () => (await signer.current()).createAppCheckToken(appId))();
      const { token, ttlMillis } = await within(bound, minting);
      permit('success');
      return { appCheckToken: token, appCheckExpiresIn: Math.floor(ttlMillis / 1_000) };
    } catch (cause) {
      // A login that had hardly any time left says nothing about App Check.
      const tooLittle = cause instanceof TimeUp && bound < APP_CHECK_TIMEOUT_MS;
      permit(tooLittle ? 'unknown' : 'failure');
      failed(cause);
      return undefined;
    }
  };
}
