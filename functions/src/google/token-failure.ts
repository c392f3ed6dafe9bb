import { Problem } from '../problem';
import { explainSigningFailure, type SigningAccounts } from './signing-failure';

const RETRY_AFTER_SECONDS = 2;

/**
 * Turns a failure to get or sign a token into a problem that tells the operator the cause and the
 * command that fixes it.
 *
 * @param what The cause for the log when no known explanation fits: a sentence.
 */
export function explainTokenFailure(
  error: unknown,
  what: string,
  accounts: SigningAccounts,
): Problem {
  if (error instanceof Problem) return error;
  const known = explainSigningFailure(error, accounts);
  if (known.code !== 'signing-unavailable') return known;
  return new Problem('upstream-unavailable', {
    cause: error,
    operator: { cause: what },
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
