import type {
  Outcome,
  Overview,
  Purchase,
  ReconcileReport,
} from '../../../../functions/src/operator';
import { printable } from '../printable';

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
    claims === undefined ? 'No account: never signed in.' : `Claims of the account: ${claims}`,
    ...(drift ? [`The account differs from what is stored (${drift}): reconcile --fix`] : []),
  ].join('\n');
}

export function describeReport({ documents, accounts, drifts }: ReconcileReport): string {
  const left = drifts.filter(({ mended }) => !mended).length;
  const lines = drifts.map(({ uid, kind, mended, failure }) => {
    const fate = mended ? 'fixed' : failure ? `not fixed: ${failure}` : 'not fixed';
    return `  ${uid.padEnd(26)} ${kind.padEnd(22)} ${fate}`;
  });
  return [
    `Looked at ${documents} documents and ${accounts} accounts.`,
    ...lines,
    drifts.length === 0
      ? 'They agree.'
      : `${drifts.length} differed, ${drifts.length - left} fixed, ${left} left.`,
  ].join('\n');
}

/** The error and, if there is one, Google's message. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return printable(cause instanceof Error ? `${error.message} (${cause.message})` : error.message);
}
