import type { Run } from '../login/recorder';
import { duration } from '../text/duration';
import type { Language } from '../language';
import type { Texts } from '../text/texts';

/** Whether the run restored a session instead of logging in. */
export function isRestored({ steps }: Run): boolean {
  return steps.some(({ id }) => id === 'session-read');
}

/** One sentence about a run. */
export function summaryOf(run: Run, { sequence }: Texts, language: Language): string {
  if (run.state === 'running') return sequence.running;
  const took = duration(run.totalMs ?? 0, language);
  if (run.state === 'failed') return sequence.failed(took);
  return isRestored(run) ? sequence.restored(took) : sequence.done(took);
}
