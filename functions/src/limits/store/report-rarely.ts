import type { LogEntry } from 'firebase-functions/logger';
import type { Clock } from '../../clock';
import { describeError } from '../../log/describe-error';
import { explainStoreFailure } from './store-failure';

/** How often an instance logs that its store fails. */
const EVERY_MS = 5 * 60_000;

/**
 * Logs that the store does not count, why, and how to fix it: with the first failure and then once in
 * a while, with the number of failures since. An entry for each would repeat itself with every login.
 */
export function reportRarely(
  project: string,
  clock: Pick<Clock, 'elapsed'>,
  log: (entry: LogEntry) => void,
): (error: unknown) => void {
  let reportedAt: number | undefined;
  let failures = 0;
  return (error) => {
    failures += 1;
    const now = clock.elapsed();
    if (reportedAt !== undefined && now < reportedAt + EVERY_MS) return;
    const operator = explainStoreFailure(error, project);
    log({
      severity: 'WARNING',
      message: `rate limit: this instance counts on its own: ${operator.cause}`,
      operator,
      failures,
      error: describeError(error, []),
    });
    reportedAt = now;
    failures = 0;
  };
}
