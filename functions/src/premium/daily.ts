import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../clock';
import { describeError } from '../log/describe-error';
import { logFor } from '../log/write-log';
import { ENTITLEMENT_ERRORS } from './entitlement-error';
import { sh } from '../remedy';
import { openPremium, type Premium } from './open-premium';
import type { Drift, ReconcileReport } from './reconcile';
import { explainUnfinished, type Unfinished } from './unfinished';

/** Keeps the log entry far below Cloud Logging's size limit. */
const MAX_LISTED = 50;
/** Bound of one call to Google, ms: nobody waits for this job, and a first call may take seconds. */
const CALL_MS = 30_000;

export interface DailyEffects {
  readonly open: () => Promise<Pick<Premium, 'reconcile' | 'close'>>;
  /** Monotonic clock, ms. */
  readonly elapsed: () => number;
  readonly log: (entry: LogEntry) => void;
  /** Used in the commands that the log suggests. */
  readonly projectId: string;
}

function countKinds(drifts: readonly Drift[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of drifts) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function withheldNote(withheld: number, projectId: string) {
  return {
    cause:
      `${withheld} accounts have premium that has not expired, and no document in Firestore. ` +
      'Too many for an accident: premium was not taken from them. Documents are lost if the ' +
      'database was recreated or not restored in full; or other code sets premiumAccount',
    remedy:
      'restore the documents; or, if they are to lose premium: ' +
      sh`npm run premium -- reconcile --fix --yes --project ${projectId}`,
  };
}

/** The one log entry of a run. It may contain uids: login entries do too. */
function reconcileEntry(report: ReconcileReport, ms: number, projectId: string): LogEntry {
  const left = report.drifts.filter(({ mended }) => !mended);
  const mended = report.drifts.length - left.length;
  const withheld = left.filter((drift) => drift.withheld).length;
  return {
    severity: left.length > 0 ? 'ERROR' : mended > 0 ? 'WARNING' : 'INFO',
    message: `reconcilePremium: ${mended} fixed, ${left.length} left`,
    outcome: withheld > 0 ? 'withheld' : left.length > 0 ? 'drift-left' : 'ok',
    documents: report.documents,
    accounts: report.accounts,
    withoutAccount: report.withoutAccount.length,
    drift: countKinds(report.drifts),
    mended,
    left: left.slice(0, MAX_LISTED),
    ...(withheld > 0 && { withheld, operator: withheldNote(withheld, projectId) }),
    ms: Math.round(ms),
  };
}

/** Whether running again may fix more. */
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
 * One run of the scheduled function. Throws when a retry may fix more, so that Cloud Scheduler
 * retries; what needs an operator is only logged.
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
  log(reconcileEntry(report, elapsed() - start, projectId));
  if (isWorthAnotherRun(report)) throw new Error('Some accounts could not be fixed in this run');
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
        by: 'reconciler',
        timeoutMs: CALL_MS,
      }),
    elapsed: systemClock.elapsed,
    log: logFor(env),
    projectId: env['GCLOUD_PROJECT'] || '<project>',
  });
}
