import {
  type Outcome,
  type Overview,
  type Purchase,
  type ReconcileReport,
  type Removed,
  type ReplayReport,
  sh,
} from '../../../../functions/src/operator';
import { printable } from '../printable';
import type { PremiumOptions } from './command';

const instant = (ms: number) => new Date(ms).toISOString();

function premiumLine(premiumUntil: number | null, premium: boolean): string {
  if (premiumUntil === null) return 'Not premium.';
  return `${premium ? 'Premium until' : 'Not premium since'} ${instant(premiumUntil)}.`;
}

function purchaseLine({ id, at, status, ...terms }: Purchase): string {
  const given = 'days' in terms ? `${terms.days} days` : `until ${instant(terms.until)}`;
  return `  ${status.padEnd(9)}  ${instant(at)}  ${given.padEnd(10)}  ${id}`;
}

function purchaseLines(purchases: readonly Purchase[]): string[] {
  return purchases.length === 0
    ? ['No purchases.']
    : ['Purchases:', ...purchases.map(purchaseLine)];
}

/** @param done The action in the past tense: "Granted 30 days as gift-1". */
export function describeOutcome(done: string, { uid, changed, entitlement, premium }: Outcome) {
  return [
    changed ? `${done}: ${uid}` : `Nothing to change: ${uid}`,
    premiumLine(entitlement.premiumUntil, premium),
    'Open sessions see it with their next token refresh, within an hour.',
  ].join('\n');
}

export function describeOverview({ uid, premium, entitlement, account, drift }: Overview) {
  const claims = account && printable(JSON.stringify(account.claims));
  return [
    uid,
    premiumLine(entitlement?.premiumUntil ?? null, premium),
    ...purchaseLines(entitlement?.purchases ?? []),
    claims === undefined
      ? 'No account: never signed in, or deleted.'
      : `Claims of the account: ${claims}`,
    ...(drift ? [`The account differs from what is stored (${drift}): reconcile --fix`] : []),
  ].join('\n');
}

export function describeRemoval({ uid, entitlement, account }: Removed): string {
  const parts = [...(entitlement ? ['the purchases'] : []), ...(account ? ['the account'] : [])];
  return [
    parts.length === 0
      ? `Nothing was left of ${uid}.`
      : `Deleted ${parts.join(' and ')} of ${uid}.`,
    'What your app stored is still there. "npm run bridge -- user delete" deletes that as well:',
    'docs/premium.md#delete-a-customer',
  ].join('\n');
}

function fateOf({ mended, failure, withheld }: ReconcileReport['drifts'][number]): string {
  if (mended) return 'fixed';
  if (withheld) return 'withheld';
  return failure ? `not fixed: ${failure}` : 'not fixed';
}

/** @param goOn The command that also fixes what was withheld. */
export function describeReport(
  { documents, accounts, drifts, withoutAccount }: ReconcileReport,
  goOn: string,
): string {
  const row = (uid: string, kind: string, fate: string) =>
    // A malformed document can have any name.
    `  ${printable(uid).padEnd(26)} ${kind.padEnd(22)} ${fate}`;
  const left = drifts.filter(({ mended }) => !mended).length;
  const withheld = drifts.filter((drift) => drift.withheld).length;
  return [
    `Looked at ${documents} documents and ${accounts} accounts.`,
    ...withoutAccount.map((uid) => row(uid, 'no account', 'deleted, or never signed in')),
    ...drifts.map((drift) => row(drift.uid, drift.kind, fateOf(drift))),
    drifts.length === 0
      ? 'They agree.'
      : `${drifts.length} differed, ${drifts.length - left} fixed, ${left} left.`,
    ...(withheld === 0
      ? []
      : [
          `${withheld} accounts have premium that has not expired, and no document. That is too many`,
          'for an accident: they keep it. Is this the right database, and is it complete? If they are',
          `to lose premium: ${goOn}`,
        ]),
  ].join('\n');
}

/** What became of the changes since an export, and what is left to do. */
export function describeReplay(
  { customers, changed, left }: ReplayReport,
  { project }: PremiumOptions,
): string {
  const onProject = project === undefined ? '' : sh` --project ${project}`;
  const rowOf = ({ uid, why }: ReplayReport['left'][number]) =>
    why === 'deleted'
      ? `  ${printable(uid)} was deleted, but the restore brought it back: npm run bridge -- user delete ${printable(uid)}${onProject}`
      : `  ${printable(uid)} could not be changed: ${why}`;
  return [
    `Customers in the audit trail: ${customers}, changed: ${changed}.`,
    ...left.map(rowOf),
  ].join('\n');
}

/** The error and, if there is one, Google's message. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return printable(cause instanceof Error ? `${error.message} (${cause.message})` : error.message);
}
