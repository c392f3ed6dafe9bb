import { type Deadline, TimeUp, within, withinDeadline } from '../clock';
import { Problem } from '../problem';
import type { Call, Guarded, Judge } from '../upstream/circuit-breaker';
import type { Verdict } from '../upstream/outcome';
import type { RequestContext } from '../upstream/request-context';
import type { SharedSigner, TokenSigner } from './signer';
import { explainSigningFailure, isBusy, type SigningAccounts } from './signing-failure';

/** Milliseconds for one signature; steps before it must leave that much. */
export const SIGNING_TIMEOUT_MS = 3_000;
/** For a look-up that only improves the log. */
const ACCOUNTS_TIMEOUT_MS = 500;
const RETRY_AFTER_SECONDS = 2;

export interface TokenMint {
  /**
   * Awaited before an auth code is spent on a token that cannot be signed. Usually resolves at once.
   *
   * @throws Problem as `sign` does; `signing-unavailable` at once, with the time to wait, while the
   *   circuit breaker is open.
   */
  readonly ready: (context: RequestContext) => Promise<void>;
  /** @throws Problem `signing-denied`, `signing-unavailable` or `misconfigured`. */
  readonly sign: (uid: string, claims: object, context: RequestContext) => Promise<string>;
}

function unavailable(cause: string): Problem {
  return new Problem('signing-unavailable', {
    operator: { cause },
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
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

/** A denial comes at once and is the operator's to fix: only silence and 5xx are failures. */
function verdictOn(error: unknown): Verdict {
  if (error instanceof TimeUp) return error.cutShort ? 'unknown' : 'failure';
  if (!(error instanceof Problem)) return 'unknown';
  const failed = error.code === 'signing-unavailable' && !isBusy(error.extras.cause);
  return failed ? 'failure' : 'success';
}

/** A ready signer has not signed anything yet, so readiness counts neither way. */
const READINESS: Judge<unknown> = { answer: () => 'unknown', error: verdictOn };
const SIGNATURE: Judge<unknown> = { answer: () => 'success', error: verdictOn };

/** Mints custom tokens with the signer that the environment provides. */
export function createMint(signer: SharedSigner, guarded: Guarded): TokenMint {
  /** @throws TimeUp, Problem */
  async function attempt<T>(
    work: (signer: TokenSigner) => Promise<T>,
    deadline: Deadline,
  ): Promise<T> {
    const current = signer.current();
    try {
      return await withinDeadline(SIGNING_TIMEOUT_MS, deadline, current.then(work));
    } catch (error) {
      if (error instanceof TimeUp && !error.cutShort) signer.leaveBehind(current);
      if (error instanceof TimeUp || error instanceof Problem) throw error;
      throw explainSigningFailure(error, await accountsOf(current, deadline));
    }
  }

  async function tried<T>(call: Call<T>): Promise<T> {
    try {
      return await guarded(call);
    } catch (error) {
      if (!(error instanceof TimeUp)) throw error;
      throw unavailable(
        error.cutShort
          ? 'There was no time left to sign'
          : 'Signing the custom token took too long',
      );
    }
  }

  return {
    ready: ({ deadline, caller }) =>
      tried({
        caller,
        run: () => attempt((current) => current.ready(), deadline),
        judge: READINESS,
      }),
    sign: (uid, claims, { deadline, caller }) =>
      tried({
        caller,
        run: () => attempt((current) => current.createCustomToken(uid, claims), deadline),
        judge: SIGNATURE,
        // The auth code is spent already.
        always: true,
      }),
  };
}
