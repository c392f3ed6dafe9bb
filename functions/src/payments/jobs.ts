import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../clock';
import { describeError } from '../log/describe-error';
import { logFor } from '../log/write-log';
import { EntitlementError } from '../premium/entitlement-error';
import { Problem, type OperatorNote } from '../problem';
import { shellQuote } from '../remedy';
import { httpClient } from '../upstream/http-client';
import { effectsOf, openLedger, UNHURRIED } from './open-payments';
import { notConfigured, parseSellingParameters } from './parameters';
import type { Finding } from './finding';
import { createReconcile, type ReconcileReport } from './reconcile';
import { makeStatement, yesterday, type Statement } from './statement';

type Environment = Readonly<Record<string, string | undefined>>;

/** Keeps log entries far below Cloud Logging's size limit. */
const MAX_LISTED = 50;

/** What an operator has to do about a finding, with `<project>`. */
const REMEDY: Readonly<Record<Finding['kind'], string>> = {
  malformed: 'correct the document in the Firebase console',
  mismatch:
    'compare the order with Tini Console; to pay it back: ' +
    'npm run bridge -- orders refund <reference> --project <project>',
  missing: 'is TIKI_API_BASE_URL the environment in which the order was created?',
  'unknown-status':
    'Tiki has a status that this version does not know: look the order up in Tini Console, and update',
  differs: 'compare the order with Tini Console: what is final here stays as it is',
  unpaid:
    'was it paid, by Tini Console? Then: ' +
    'npm run bridge -- orders reconcile <reference> --paid --project <project>',
  withheld:
    'if these orders are really cancelled: npm run bridge -- orders reconcile --yes --project <project>',
  'no-purchase':
    'was the customer deleted? Pay back: npm run bridge -- orders refund <reference> --project <project>; ' +
    'if not: npm run premium -- grant tiki:<customer id> --days <days of the plan> ' +
    '--id order-<reference> --project <project>',
  'not-projected': 'npm run premium -- show tiki:<customer id> --project <project>',
  'not-completed': 'npm run bridge -- orders reconcile <reference> --project <project>',
  failed: 'npm run bridge -- orders reconcile <reference> --project <project>',
};

/** The one log entry of a run of `reconcilePayments`. */
export function reconcileEntry(report: ReconcileReport, projectId: string): LogEntry {
  const { findings, ...counts } = report;
  const lasting = findings.filter(({ mayPass }) => mayPass !== true);
  const remedies = new Set(lasting.map(({ kind }) => REMEDY[kind]));
  const severity =
    lasting.length > 0 ? 'ERROR' : findings.length > 0 || !report.isFinished ? 'WARNING' : 'INFO';
  return {
    severity,
    message:
      `reconcilePayments: ${counts.looked} orders, ${counts.repaired} repaired, ` +
      `${counts.completed} completed, ${findings.length} to look at`,
    outcome: findings.length > 0 ? 'findings' : 'ok',
    ...counts,
    ...(findings.length > 0 && {
      // What needs an operator first.
      findings: [...lasting, ...findings.filter(({ mayPass }) => mayPass === true)].slice(
        0,
        MAX_LISTED,
      ),
      operator: {
        cause: 'Some orders could not be settled',
        remedy: [...remedies, 'npm run bridge -- orders show <reference> --project <project>']
          .join('; ')
          .replaceAll('<project>', () => shellQuote(projectId)),
      },
    }),
  };
}

/** The one log entry of a day's statement. */
export function statementEntry(statement: Statement, day: string, projectId: string): LogEntry {
  const { differences, ...totals } = statement;
  const isEqual = differences.length === 0;
  return {
    severity: isEqual ? 'INFO' : 'ERROR',
    message: isEqual
      ? `paymentsDaily: ${day}: orders agree with Tiki's`
      : `paymentsDaily: ${day}: ${differences.length} orders differ from Tiki's`,
    outcome: isEqual ? 'ok' : 'differences',
    day,
    ...totals,
    ...(!isEqual && {
      differences: differences.slice(0, MAX_LISTED),
      operator: {
        cause: 'Orders here and at Tiki differ: what Tiki pays out is not what was sold',
        remedy: `npm run bridge -- orders reconcile <reference> --project ${shellQuote(projectId)}; docs/payments.md`,
      },
    }),
  };
}

function noteOf(error: unknown): OperatorNote {
  const known = error instanceof Problem ? error.extras.operator : undefined;
  if (known) return known;
  const isOurs = error instanceof Problem || error instanceof EntitlementError;
  return { cause: isOurs ? `Failed: ${error.code}` : 'Failed' };
}

/** Opens payments, works, closes; logs what keeps a run from its end. @throws what `work` throws */
async function run(
  name: string,
  env: Environment,
  work: (effects: ReturnType<typeof effectsOf>, projectId: string) => Promise<LogEntry>,
): Promise<void> {
  const log = logFor(env);
  try {
    const parameters = parseSellingParameters(env);
    if (parameters.PAYMENT_PLANS === undefined) throw notConfigured();
    const http = httpClient(systemClock);
    const ledger = await openLedger(parameters, { by: 'reconciler', ...UNHURRIED });
    try {
      log(await work(effectsOf(parameters, ledger, http), parameters.GCLOUD_PROJECT));
    } finally {
      http.close();
      await ledger.close();
    }
  } catch (error) {
    log({
      severity: 'ERROR',
      message: `${name}: not finished: ${noteOf(error).cause}`,
      outcome: 'not-finished',
      operator: noteOf(error),
      error: describeError(error, (env['TIKI_CLIENT_SECRET'] ?? '').split('\n').filter(Boolean)),
    });
    throw error;
  }
}

/** The handler of the scheduled function `reconcilePayments`. */
export async function reconcilePayments(env: Environment): Promise<void> {
  await run('reconcilePayments', env, async (effects, projectId) =>
    reconcileEntry(await createReconcile(effects)(), projectId),
  );
}

/** The handler of the scheduled function `paymentsDaily`. */
export async function paymentsDaily(env: Environment): Promise<void> {
  await run('paymentsDaily', env, async (effects, projectId) => {
    const period = yesterday(effects.clock.now());
    // The day in Viet Nam.
    const day = new Date(period.from + 12 * 3_600_000).toISOString().slice(0, 10);
    return statementEntry(await makeStatement(effects, period), day, projectId);
  });
}
