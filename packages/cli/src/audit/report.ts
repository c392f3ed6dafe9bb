import type { StoredAuditEntry } from '../../../../functions/src/operator';
import type { GoogleRefusal } from '../doctor/google/api';
import { printable } from '../printable';
import type { Login, Logins } from './logins';

const instant = (at: number): string => new Date(at).toISOString();

const line = (at: number, what: string, uid: string | undefined, ...rest: readonly string[]) =>
  printable([instant(at), what.padEnd(7), (uid ?? '–').padEnd(20), ...rest].join('  '));

const loginLine = ({ at, route, outcome, uid, requestId }: Login): string =>
  line(at, 'login', uid, `${route}: ${outcome}`, requestId);

const end = (premiumUntil: number | null | undefined): string =>
  typeof premiumUntil === 'number' ? instant(premiumUntil) : 'none';

function linesOf(entry: StoredAuditEntry): string[] {
  const { at, by, uid, premium, reference = '', order } = entry;
  const purchases = { ...premium?.before?.purchases, ...premium?.after?.purchases };
  return [
    ...(order
      ? [
          line(
            at,
            'order',
            uid,
            `by ${by}`,
            `${reference}: ${order.before?.state ?? 'new'} → ${order.after?.state ?? 'gone'}` +
              (typeof order.after?.refundedAt === 'number' ? ', refunded' : ''),
            `${order.after?.priceVnd ?? order.before?.priceVnd ?? 0} VND`,
          ),
        ]
      : []),
    ...(premium
      ? [
          line(
            at,
            'premium',
            uid,
            `by ${by}`,
            `until ${end(premium.before?.premiumUntil)} → ` +
              (premium.after ? end(premium.after.premiumUntil) : 'deleted'),
            Object.entries(purchases)
              .map(([id, { status }]) => `${id}: ${premium.after ? status : 'deleted'}`)
              .join(', '),
          ),
        ]
      : []),
  ];
}

const REFUSALS: Readonly<Partial<Record<GoogleRefusal['kind'], string>>> = {
  denied:
    'your login may not read the log: it needs roles/logging.viewAccessor and roles/logging.viewer',
  'api-disabled': 'the API logging.googleapis.com is not enabled in this project',
};

const cutNote = (at: number): string =>
  'Cut: there are more logins than one run reads. ' +
  `Everything before ${instant(at)} is printed, changes included. ` +
  `Go on with --from ${instant(at)}, or name one customer.`;

const missingNote = (before: number): string =>
  `Logins from before ${instant(before)} are missing: the ordinary log keeps them for 30 days, ` +
  'and the log bucket of infra/setup.sh has them from its creation.';

function noteOf(logins: Logins | GoogleRefusal | undefined): string[] {
  if (!logins) return ['Logins: emulators have no log of them; see the output of npm start.'];
  if ('kind' in logins) {
    const why = REFUSALS[logins.kind] ?? ('why' in logins ? logins.why : logins.kind);
    return [`Logins could not be read: ${why}. Changes of premium and orders are all printed.`];
  }
  return [
    ...(logins.cutAt === undefined ? [] : [cutNote(logins.cutAt)]),
    ...(logins.missingBefore === undefined ? [] : [missingNote(logins.missingBefore)]),
  ];
}

/**
 * Both trails as one, oldest first; and what is missing. If there are too many logins, both end at the same
 * instant, so that going on from there repeats and skips nothing.
 */
export function describeTrail(
  entries: readonly StoredAuditEntry[],
  logins: Logins | GoogleRefusal | undefined,
): {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
  /** False: logins are missing, and of a trail that is cut also the changes since then. */
  readonly isComplete: boolean;
} {
  const read = logins && !('kind' in logins) ? logins : undefined;
  const { logins: known = [], cutAt = Infinity } = read ?? {};
  const lines = [
    ...known.map((login) => ({ at: login.at, lines: [loginLine(login)] })),
    ...entries
      .filter(({ at }) => at < cutAt)
      .map((entry) => ({ at: entry.at, lines: linesOf(entry) })),
  ]
    .sort((one, other) => one.at - other.at)
    .flatMap((each) => each.lines);
  return {
    lines: lines.length === 0 ? ['Nothing in this period.'] : lines,
    notes: noteOf(logins),
    isComplete:
      !logins ||
      (read !== undefined && read.cutAt === undefined && read.missingBefore === undefined),
  };
}
