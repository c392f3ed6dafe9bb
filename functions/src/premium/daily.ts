import { write, type LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../clock';
import { describeError } from '../log/describe-error';
import { ENTITLEMENT_ERRORS } from './entitlement-error';
import { openPremium, type Premium } from './open-premium';
import type { Drift, ReconcileReport } from './reconcile';
import { explainUnfinished, type Unfinished } from './unfinished';

/** So that a log entry stays far below Cloud Logging's limit, however much is wrong. */
const MAX_LISTED = 50;
/** Bound of one call to Google, ms: nobody waits for this job, and a first call may take seconds. */
const CALL_MS = 30_000;

export interface DailyEffects {
  readonly open: () => Promise<Pick<Premium, 'reconcile' | 'close'>>;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  readonly log: (entry: LogEntry) => void;
  /** For the operator's log. */
  readonly projectId: string;
}

function countKinds(drifts: readonly Drift[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of drifts) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** The one log entry of a run. Uids are no secrets here: the entry for a login names them too. */
export function reconcileEntry(report: ReconcileReport, ms: number): LogEntry {
  const left = report.drifts.filter(({ mended }) => !mended);
  const mended = report.drifts.length - left.length;
  return {
    severity: left.length > 0 ? 'ERROR' : mended > 0 ? 'WARNING' : 'INFO',
    message: `reconcilePremium: ${mended} mended, ${left.length} left`,
    outcome: left.length > 0 ? 'drift-left' : 'ok',
    documents: report.documents,
    accounts: report.accounts,
    drift: countKinds(report.drifts),
    mended,
    left: left.slice(0, MAX_LISTED),
    ms: Math.round(ms),
  };
}

/** Whether the same run again could get further. */
function isWorthAnotherRun({ drifts }: ReconcileReport): boolean {
  return drifts.some(({ failure }) => failure !== undefined && ENTITLEMENT_ERRORS[failure].retry);
}

function unfinishedEntry(unfinished: Unfinished, error: unknown, ms: number): LogEntry {
  if (unfinished.kind === 'nothing-to-do') {
    const message = `reconcilePremium: nothing to do: ${unfinished.cause}`;
    return { severity: 'INFO', message, outcome: 'no-store', ms: Math.round(ms) };
  }
  const { operator } = unfinished;
  return {
    severity: 'ERROR',
    message: `reconcilePremium: not finished: ${operator.cause}`,
    outcome: 'not-finished',
    operator,
    error: describeError(error, []),
    ms: Math.round(ms),
  };
}

/**
 * One run of the scheduled function. Throws when another run may get further, so that Cloud
 * Scheduler tries again; what only a person can mend is in the log and not worth a run.
 */
export async function runDaily(effects: DailyEffects): Promise<void> {
  const { open, elapsed, log, projectId } = effects;
  const start = elapsed();
  const report = await reconcileOnce(open).catch((error: unknown) => {
    const unfinished = explainUnfinished(error, projectId);
    log(unfinishedEntry(unfinished, error, elapsed() - start));
    if (unfinished.kind === 'nothing-to-do') return undefined;
    throw error;
  });
  if (!report) return;
  log(reconcileEntry(report, elapsed() - start));
  if (isWorthAnotherRun(report)) throw new Error('Some accounts could not be mended this time');
}

async function reconcileOnce(open: DailyEffects['open']): Promise<ReconcileReport> {
  const { reconcile, close } = await open();
  try {
    return await reconcile({ fix: true });
  } finally {
    await close();
  }
}

/** The handler of the scheduled function `reconcilePremium`. */
export async function reconcilePremiumDaily(
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  await runDaily({
    open: () =>
      openPremium({
        databaseUrl: env['PREMIUM_DATABASE_URL'] || undefined,
        timeoutMs: CALL_MS,
      }),
    elapsed: systemClock.elapsed,
    log: write,
    projectId: env['GCLOUD_PROJECT'] || '<project>',
  });
}
