import { parseArgs } from 'node:util';
import { parseCustomerUid } from '../../../../functions/src/premium/customer-uid';
import { EntitlementError } from '../../../../functions/src/premium/entitlement-error';
import { MAX_DAYS, purchaseId, type Terms } from '../../../../functions/src/premium/purchase';

export const USAGE = `Usage: npm run premium -- <command> [--project <id>] [--json]

  grant <uid> --days <n>        premium for n days, on top of what is there
  grant <uid> --until <time>    premium until then, e.g. 2027-01-31T00:00:00+07:00
        --id <purchase id>      a name of your own: granting it again gives nothing more
  revoke <uid> <purchase id>    takes one purchase back
  revoke <uid> --all            takes all of them back
  show <uid>                    purchases, premium and the account's claims
  reconcile [--fix]             finds accounts that differ from what is stored; mends them

  <uid> is tiki:<customer id>. Without --project it acts on running emulators, those that
  FIRESTORE_EMULATOR_HOST and FIREBASE_AUTH_EMULATOR_HOST name; with it on a real project,
  as the account of your Application Default Credentials.
  It ends with 0 when all is well, 1 when something failed or is left to mend, 2 when the
  command line is wrong.`;

/** The command line is wrong: nothing was connected to. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type Command =
  | { readonly name: 'grant'; readonly uid: string; readonly id?: string; readonly terms: Terms }
  | { readonly name: 'revoke'; readonly uid: string; readonly which: { id: string } | 'all' }
  | { readonly name: 'show'; readonly uid: string }
  | { readonly name: 'reconcile'; readonly fix: boolean }
  | { readonly name: 'help' };

export interface CommandLine {
  readonly command: Command;
  readonly project: string | undefined;
  readonly json: boolean;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

const OPTIONS = {
  days: { type: 'string' },
  until: { type: 'string' },
  id: { type: 'string' },
  all: { type: 'boolean' },
  fix: { type: 'boolean' },
  project: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;
type OptionName = keyof typeof OPTIONS;

/** What each command takes beside --project, --json and --help. */
const TAKES: Readonly<Record<string, readonly OptionName[]>> = {
  grant: ['days', 'until', 'id'],
  revoke: ['all'],
  show: [],
  reconcile: ['fix'],
};

function parseDays(text: string): number {
  const days = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MAX_DAYS) {
    throw new UsageError(`--days must be a whole number from 1 to ${MAX_DAYS}, not ${text}`);
  }
  return days;
}

function parseUntil(text: string): number {
  const instant = INSTANT.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(instant)) {
    throw new UsageError('--until must be a time with its zone, e.g. 2027-01-31T00:00:00+07:00');
  }
  return instant;
}

function parseTerms(days: string | undefined, until: string | undefined): Terms {
  if (days !== undefined && until === undefined) return { days: parseDays(days) };
  if (until !== undefined && days === undefined) return { until: parseUntil(until) };
  throw new UsageError('grant needs either --days or --until');
}

function parseId(text: string): string {
  const fault = purchaseId.safeParse(text).error?.issues[0]?.message;
  if (fault !== undefined) throw new UsageError(`A purchase id ${fault}`);
  return text;
}

function parseUid(text: string | undefined): string {
  if (text === undefined) throw new UsageError('Say who: tiki:<customer id>');
  try {
    return parseCustomerUid(text);
  } catch (error) {
    throw error instanceof EntitlementError ? new UsageError(error.message) : error;
  }
}

function read(args: readonly string[]) {
  // parseArgs takes the 5 of "--days -5" for an option; it shall be told that it is a bad number.
  const joined = args.join('\0').replace(/(^|\0)--days\0(?=-\d)/g, '$1--days=');
  try {
    const list = args.length > 0 ? joined.split('\0') : [];
    return parseArgs({ args: list, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = read(args);
  const { project, json = false } = values;
  const [name, who, ...rest] = positionals;
  if (values.help || name === undefined) return { command: { name: 'help' }, project, json };
  const takes = TAKES[name];
  if (!Object.hasOwn(TAKES, name) || !takes) throw new UsageError(`There is no command ${name}`);
  const common: readonly OptionName[] = ['project', 'json', 'help'];
  for (const option of Object.keys(values)) {
    const known = [...common, ...takes].some((it) => it === option);
    if (!known) throw new UsageError(`${name} does not take --${option}`);
  }
  return { command: parseCommand(name, who, rest, values), project, json };
}

function parseCommand(
  name: string,
  who: string | undefined,
  rest: readonly string[],
  { days, until, id, all, fix }: ReturnType<typeof read>['values'],
): Command {
  const most = name === 'revoke' && !all ? 1 : 0;
  if (rest.length > most || (name === 'reconcile' && who !== undefined)) {
    throw new UsageError(`${name} does not take ${rest[most] ?? who ?? ''}`);
  }
  switch (name) {
    case 'grant': {
      const terms = parseTerms(days, until);
      return { name, uid: parseUid(who), terms, ...(id !== undefined && { id: parseId(id) }) };
    }
    case 'revoke': {
      if (all) return { name, uid: parseUid(who), which: 'all' };
      if (rest[0] === undefined) throw new UsageError('Say which: a purchase id, or --all');
      return { name, uid: parseUid(who), which: { id: parseId(rest[0]) } };
    }
    case 'show':
      return { name, uid: parseUid(who) };
    default:
      return { name: 'reconcile', fix: fix ?? false };
  }
}
