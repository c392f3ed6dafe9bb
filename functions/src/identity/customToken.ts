import type { Deadline } from '../clock';
import { Problem } from '../problem';
import type { CircuitBreaker } from '../protection/circuitBreaker';
import type { SessionClaims } from './claims';
import type { SharedSigner } from './sharedSigner';
import { explainSigningFailure } from './signingFailure';
import { TimeUp, within } from './within';

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

/** Mints custom tokens with whatever signer the environment gives. */
export function createMint(signer: SharedSigner, breaker: CircuitBreaker): TokenMint {
  function leftAlone(waitMs: number): Problem {
    return new Problem('signing-unavailable', {
      operator: { cause: 'Signing has failed too often and is left alone for a moment' },
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    });
  }

  async function sign(uid: string, claims: SessionClaims, deadline: Deadline): Promise<string> {
    const current = signer.current();
    const { createCustomToken, accounts } = await current;
    try {
      // Called inside an async function: createCustomToken throws bad arguments synchronously.
      const signing = (async () => createCustomToken(uid, claims))();
      return await within(Math.min(SIGNING_TIMEOUT_MS, deadline()), signing);
    } catch (error) {
      if (error instanceof TimeUp) {
        signer.leaveBehind(current);
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
