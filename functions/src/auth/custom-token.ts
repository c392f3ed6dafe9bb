import type { Deadline } from '../clock';
import { Problem } from '../problem';
import type { CircuitBreaker, Permit, Verdict } from '../upstream/circuit-breaker';
import type { SessionClaims } from './claims';
import type { SharedSigner, TokenSigner } from '../google/shared-signer';
import { explainSigningFailure, type SigningAccounts } from '../google/signing-failure';
import { TimeUp, within } from '../upstream/within';

/** Milliseconds for one signature; whoever spends time before it has to leave that much. */
export const SIGNING_TIMEOUT_MS = 3_000;
/** For a look-up that only makes the log better. */
const ACCOUNTS_TIMEOUT_MS = 500;
const RETRY_AFTER_SECONDS = 2;

export interface TokenMint {
  /**
   * To be waited for before an auth code is spent on a token that cannot be signed. Usually there
   * is nothing to wait for.
   *
   * @throws Problem as `sign` does; `signing-unavailable` at once, with the time to wait, while the
   *   signer is left alone after failures.
   */
  readonly ready: (deadline: Deadline) => Promise<void>;
  /** @throws Problem `signing-denied`, `signing-unavailable` or `misconfigured`. */
  readonly sign: (uid: string, claims: SessionClaims, deadline: Deadline) => Promise<string>;
}

function unavailable(cause: string, retryAfterSeconds = RETRY_AFTER_SECONDS): Problem {
  return new Problem('signing-unavailable', { operator: { cause }, retryAfterSeconds });
}

async function accountsOf(
  signer: Promise<TokenSigner>,
  deadline: Deadline,
): Promise<SigningAccounts> {
  const asking = signer.then(({ accounts }) => accounts());
  try {
    return await within(Math.min(ACCOUNTS_TIMEOUT_MS, deadline()), asking);
  } catch {
    return { signsAs: undefined, callsAs: undefined, projectId: undefined };
  }
}

/** Mints custom tokens with whatever signer the environment gives. */
export function createMint(signer: SharedSigner, breaker: CircuitBreaker): TokenMint {
  /** Has the signer do something, in time. */
  async function tried<T>(
    work: (signer: TokenSigner) => Promise<T>,
    deadline: Deadline,
    judge: { readonly permit: Permit | undefined; readonly success: Verdict },
  ): Promise<T> {
    const bound = Math.min(SIGNING_TIMEOUT_MS, deadline());
    const current = signer.current();
    let verdict: Verdict = 'unknown';
    try {
      const done = await within(bound, current.then(work));
      verdict = judge.success;
      return done;
    } catch (error) {
      if (error instanceof TimeUp) {
        // Too little time was left for it: nothing is said about the signer.
        if (bound < SIGNING_TIMEOUT_MS) throw unavailable('There was no time left to sign');
        signer.leaveBehind(current);
        verdict = 'failure';
        throw unavailable('Signing the custom token took too long');
      }
      const problem =
        error instanceof Problem
          ? error
          : explainSigningFailure(error, await accountsOf(current, deadline));
      // A denial comes at once and is the operator's to mend; only silence and 5xx are failures.
      verdict = problem.code === 'signing-unavailable' ? 'failure' : 'success';
      throw problem;
    } finally {
      judge.permit?.(verdict);
    }
  }

  return {
    ready: async (deadline) => {
      const admission = breaker.admit();
      if (!admission.permit) {
        const seconds = Math.ceil(admission.retryAfterMs / 1_000);
        throw unavailable('Signing has failed too often and is left alone for a moment', seconds);
      }
      // That it could sign is not yet a signature.
      const judge = { permit: admission.permit, success: 'unknown' } as const;
      await tried((current) => current.ready(), deadline, judge);
    },
    sign: (uid, claims, deadline) =>
      tried((current) => current.createCustomToken(uid, claims), deadline, {
        // Only now: whoever comes with a bogus code must not keep others from finding out whether
        // the signer is back. Where another one is finding out, a code is spent already: try.
        permit: breaker.admit().permit,
        success: 'success',
      }),
  };
}
