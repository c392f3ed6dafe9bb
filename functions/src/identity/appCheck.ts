import type { Deadline } from '../clock';
import type { SharedSigner } from './sharedSigner';
import { within } from './within';

const APP_CHECK_TIMEOUT_MS = 3_000;

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
export function createAppCheckMint(signer: SharedSigner, appId: string | undefined): MintAppCheck {
  if (appId === undefined) return () => Promise.resolve(undefined);
  return async (deadline, failed) => {
    try {
      const minting = (async () => (await signer.current()).createAppCheckToken(appId))();
      const { token, ttlMillis } = await within(
        Math.min(APP_CHECK_TIMEOUT_MS, deadline()),
        minting,
      );
      return { appCheckToken: token, appCheckExpiresIn: Math.floor(ttlMillis / 1_000) };
    } catch (cause) {
      failed(cause);
      return undefined;
    }
  };
}
