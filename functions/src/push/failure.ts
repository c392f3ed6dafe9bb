import type { LogEntry } from 'firebase-functions/logger';
import { explainFirestoreFailure, type FirestoreCaller } from '../google/firestore-failure';
import { describeError } from '../log/describe-error';

/**
 * What the log says of an error of Firestore's client: what an operator can do about it, or else what
 * happened. The event, or the schedule, comes again either way.
 *
 * @param secrets Texts that the error may quote.
 */
export function describeFailure(
  error: unknown,
  caller: FirestoreCaller,
  secrets: readonly string[],
): Pick<LogEntry, 'severity'> & Readonly<Record<string, unknown>> {
  const words = error instanceof Error ? error.message : '';
  const known = explainFirestoreFailure(words, caller);
  if (!known) return { severity: 'WARNING', error: describeError(error, secrets) };
  const { cause, remedy } = known;
  return { severity: 'ERROR', operator: { cause, ...(remedy !== undefined && { remedy }) } };
}
