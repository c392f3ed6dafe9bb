import type { Deadline } from '../clock';
import { Problem } from '../problem';
import type { CircuitBreaker, Verdict } from '../protection/circuitBreaker';
import type { SessionClaims } from './claims';
import type { SharedSigner, TokenSigner } from './sharedSigner';
import { explainSigningFailure, type SigningAccounts } from './signingFailure';
import { TimeUp, within } from '../within';

/** Milliseconds for one signature; whoever spends time before it has to leave that much. */
export const SIGNING_TIMEOUT_MS = 3_000;
/** For a look-up that only makes the log better. */
const ACCOUNTS_TIMEOUT_MS = 500;
const RETRY_AFTER_SECONDS = 2;

/** The right to one signature. */
export interface Signature {
  /** @throws Problem `signing-denied`, `signing-unavailable` or `misconfigured`. */
  readonly sign: (uid: string, claims: SessionClaims, deadline: Deadline) => Promise<string>;
  /** Gives the right back where nothing was signed; to be called whatever happened. */
  readonly release: () => void;
}

export interface TokenMint {
  /**
   * To be asked for before an auth code is spent on a token that cannot be signed.
   *
   * @throws Problem `signing-unavailable` while the signer is left alone after failures.
   */
  readonly reserve: () => Signature;
}

function unavailable(cause: string, retryAfterSeconds = RETRY_AFTER_SECONDS): Problem {
  return new Problem('signing-unavailable', { operator: { cause }, retryAfterSeconds });
}

async function accountsOf(signer: TokenSigner, deadline: Deadline): Promise<SigningAccounts> {
  try {
    return await within(Math.min(ACCOUNTS_TIMEOUT_MS, deadline()), signer.accounts());
  } catch {
    return { signsAs: undefined, callsAs: undefined, projectId: undefined };
  }
}

/** Mints custom tokens with whatever signer the environment gives. */
export function createMint(signer: SharedSigner, breaker: CircuitBreaker): TokenMint {
  async function sign(
    uid: string,
    claims: SessionClaims,
    deadline: Deadline,
    judge: (verdict: Verdict) => void,
  ): Promise<string> {
    const bound = Math.min(SIGNING_TIMEOUT_MS, deadline());
    const current = signer.current();
    try {
      // In an async function: createCustomToken throws bad arguments synchronously.
      const signing = (async () => (await current).createCustomToken(uid, claims))();
      const token = await within(bound, signing);
      judge('success');
      return token;
    } catch (error) {
      if (error instanceof TimeUp) {
        // Too little time was left for it: nothing is said about the signer.
        if (bound < SIGNING_TIMEOUT_MS) throw unavailable('There was no time left to sign');
        signer.leaveBehind(current);
        judge('failure');
        throw unavailable('Signing the custom token took too long');
      }
      const problem =
        error instanceof Problem
          ? error
          : explainSigningFailure(error, await accountsOf(await current, deadline));
      // A denial comes at once and is the operator's to mend; only silence and 5xx are failures.
      judge(problem.code === 'signing-unavailable' ? 'failure' : 'success');
      throw problem;
    }
  }

  return {
    reserve: () => {
      const admission = breaker.admit();
      if (!admission.permit) {
        const seconds = Math.ceil(admission.retryAfterMs / 1_000);
        throw unavailable('Signing has failed too often and is left alone for a moment', seconds);
      }
      let permit: ((verdict: Verdict) => void) | undefined = admission.permit;
      const judge = (verdict: Verdict): void => {
        permit?.(verdict);
        permit = undefined;
      };
      return {
        sign: (uid, claims, deadline) => sign(uid, claims, deadline, judge),
        release: () => {
          judge('unknown');
        },
      };
    },
  };
}
