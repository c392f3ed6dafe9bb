import type { Deadline } from '../clock';
import { Problem } from '../problem';
import type { CircuitBreaker } from '../protection/circuitBreaker';
import type { SessionClaims } from './claims';
import { explainSigningFailure, type SigningAccounts } from './signingFailure';

const SIGNING_TIMEOUT_MS = 3_000;
const RETRY_AFTER_SECONDS = 2;

export interface TokenMint {
  /**
   * To be asked before an auth code is spent on a token that cannot be signed.
   *
   * @throws Problem `signing-unavailable` while the signer is left alone after failures.
   */
  readonly requireReady: () => void;
  /** @throws Problem `signing-denied`, `signing-unavailable` or `misconfigured`. */
  readonly mint: (uid: string, claims: SessionClaims, deadline: Deadline) => Promise<string>;
}

/** firebase-admin's signer, and which account it signs as, as far as that is known. */
export interface TokenSigner {
  readonly createCustomToken: (uid: string, claims: object) => Promise<string>;
  /** For the operator's log, asked only after a failure. */
  readonly accounts: () => Promise<SigningAccounts>;
}

class SigningTimeout extends Error {}

/** firebase-admin puts no bound on its call to signBlob. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SigningTimeout());
    }, ms);
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Mints custom tokens with whatever signer the environment gives.
 *
 * @param openSigner Makes the signer at first use; one that could not be made is tried again with
 *   the next request.
 */
export function createMint(
  openSigner: () => Promise<TokenSigner>,
  breaker: CircuitBreaker,
): TokenMint {
  let signer: Promise<TokenSigner> | undefined;

  function signerOnce(): Promise<TokenSigner> {
    signer ??= openSigner().catch((error: unknown) => {
      signer = undefined;
      throw error;
    });
    return signer;
  }

  /** One that is stuck stays so: its credentials wait for a token that everybody shares. */
  function leaveBehind(stuck: Promise<TokenSigner>): void {
    if (signer === stuck) signer = undefined;
  }

  function leftAlone(waitMs: number): Problem {
    return new Problem('signing-unavailable', {
      operator: { cause: 'Signing has failed too often and is left alone for a moment' },
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    });
  }

  async function sign(uid: string, claims: SessionClaims, deadline: Deadline): Promise<string> {
    const current = signerOnce();
    const { createCustomToken, accounts } = await current;
    try {
      // Called inside an async function: createCustomToken throws bad arguments synchronously.
      const signing = (async () => createCustomToken(uid, claims))();
      return await within(Math.max(0, Math.min(SIGNING_TIMEOUT_MS, deadline())), signing);
    } catch (error) {
      if (error instanceof SigningTimeout) {
        leaveBehind(current);
        throw new Problem('signing-unavailable', {
          operator: { cause: 'Signing the custom token took too long' },
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      }
      throw explainSigningFailure(error, await accounts());
    }
  }

  return {
    requireReady: () => {
      const waitMs = breaker.waitMs();
      if (waitMs > 0) throw leftAlone(waitMs);
    },
    mint: async (uid, claims, deadline) => {
      const admission = breaker.admit();
      if (!admission.permit) throw leftAlone(admission.retryAfterMs);
      try {
        const token = await sign(uid, claims, deadline);
        admission.permit('success');
        return token;
      } catch (error) {
        // A denial comes at once and is the operator's to mend; only silence and 5xx are failures.
        const passing = error instanceof Problem && error.code === 'signing-unavailable';
        admission.permit(passing ? 'failure' : 'success');
        throw error;
      }
    },
  };
}
