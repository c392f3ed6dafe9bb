import type { Command } from 'commander';
import { MAX_DAYS, purchaseId, type Terms } from '../../../../functions/src/operator';
import { parseTime, parseUid } from '../parse-argument';
import { UsageError } from '../usage-error';

export type Task =
  | { readonly name: 'grant'; readonly uid: string; readonly id?: string; readonly terms: Terms }
  | { readonly name: 'revoke'; readonly uid: string; readonly which: { id: string } | 'all' }
  | { readonly name: 'show'; readonly uid: string }
  | { readonly name: 'delete'; readonly uid: string; readonly yes: boolean }
  | { readonly name: 'reconcile'; readonly fix: boolean; readonly yes: boolean }
  | { readonly name: 'replay'; readonly from: number };

export interface PremiumOptions {
  /** An id or an alias; undefined: the emulators that the environment names. */
  readonly project?: string;
  readonly json: boolean;
}

export type PremiumAction = (task: Task, options: PremiumOptions) => Promise<void>;

/** Commander takes the last of several. */
function once<T>(option: string, parse: (text: string) => T) {
  return (text: string, previous: T | undefined): T => {
    if (previous !== undefined) throw new UsageError(`${option} may be given only once`);
    return parse(text);
  };
}

function parseDays(text: string): number {
  const days = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MAX_DAYS) {
    throw new UsageError(`--days must be a whole number from 1 to ${MAX_DAYS}, not ${text}`);
  }
  return days;
}

function parseId(text: string): string {
  const fault = purchaseId.safeParse(text).error?.issues[0]?.message;
  if (fault !== undefined) throw new UsageError(`A purchase id ${fault}`);
  return text;
}

function termsOf({ days, until }: { days?: number; until?: number }): Terms {
  if (days !== undefined && until === undefined) return { days };
  if (until !== undefined && days === undefined) return { until };
  throw new UsageError('grant needs either --days or --until');
}

function whichOf(id: string | undefined, all: boolean | undefined): { id: string } | 'all' {
  if ((id === undefined) !== (all === true)) {
    throw new UsageError('revoke needs either a purchase id or --all');
  }
  return id === undefined ? 'all' : { id };
}

const NOTES = `
<uid> is tiki:<customer id>. Without --project, commands act on the emulators that
FIRESTORE_EMULATOR_HOST and FIREBASE_AUTH_EMULATOR_HOST name, else on those of npm start;
with it, on a real project, with your Application Default Credentials.

A command that changes something first prints the command that repeats it. Repeating has no second
effect. It ends with "Done", "Not done", or "Unknown": then repeat it as printed.

Exit code: 0 success, 1 something failed or is left to repair, 2 wrong usage.
Docs: docs/premium.md`;

/** `premium grant|revoke|delete|show|reconcile|replay` */
export function addPremium(program: Command, act: PremiumAction): void {
  const premium = program
    .command('premium')
    .description('Grant, revoke, show and repair premium; delete customers')
    .helpCommand(false)
    .option(
      '--project <id>',
      'A real project: its id, or its alias in .firebaserc',
      once('--project', String),
    )
    .option('--json', 'Print the result as JSON')
    .addHelpText('after', NOTES);
  // Options of the group may come before or after the name of the command.
  const options = (): PremiumOptions => ({
    json: false,
    ...premium.opts<Partial<PremiumOptions>>(),
  });

  // Commander would print the whole help as an error.
  program.hook('preSubcommand', (_, chosen) => {
    if (chosen !== premium) return;
    const { operands, unknown } = premium.parseOptions(program.args.slice(1));
    // Found once more when the command is parsed.
    premium.setOptionValue('project', undefined);
    if (operands.length > 0 || unknown.length > 0) return;
    throw new UsageError(
      'premium needs a command: grant, revoke, delete, show, reconcile or replay; see npm run premium -- --help',
    );
  });

  premium
    .command('grant')
    .description('Grant premium for some more days, or until a time')
    .argument('<uid>', 'tiki:<customer id>', parseUid)
    .option('--days <n>', `Whole days, 1 to ${MAX_DAYS}`, once('--days', parseDays))
    .option(
      '--until <time>',
      'With its zone, e.g. 2027-01-31T00:00:00+07:00',
      once('--until', (text) => parseTime('--until', text)),
    )
    .option(
      '--id <purchase-id>',
      'A name of your own; the same grant again has no effect',
      once('--id', parseId),
    )
    .action((uid: string, given: { days?: number; until?: number; id?: string }) => {
      const { id, ...terms } = given;
      return act(
        { name: 'grant', uid, terms: termsOf(terms), ...(id !== undefined && { id }) },
        options(),
      );
    });

  premium
    .command('revoke')
    .description('Revoke one purchase, or all of them')
    .argument('<uid>', 'tiki:<customer id>', parseUid)
    .argument('[purchase-id]', 'As "show" prints it', parseId)
    .option('--all', 'All purchases')
    .action((uid: string, id: string | undefined, { all }: { all?: boolean }) =>
      act({ name: 'revoke', uid, which: whichOf(id, all) }, options()),
    );

  premium
    .command('delete')
    .description('Delete a customer: account, purchases and premium')
    .argument('<uid>', 'tiki:<customer id>', parseUid)
    .option('--yes', 'Do not ask')
    .action((uid: string, { yes = false }: { yes?: boolean }) =>
      act({ name: 'delete', uid, yes }, options()),
    );

  premium
    .command('show')
    .description('Print purchases, premium and account claims')
    .argument('<uid>', 'tiki:<customer id>', parseUid)
    .action((uid: string) => act({ name: 'show', uid }, options()));

  premium
    .command('reconcile')
    .description('Find accounts that differ from what is stored')
    .option('--fix', 'Repair them too')
    .option('--yes', 'Take premium from any number of accounts whose documents are missing')
    .action(({ fix = false, yes = false }: { fix?: boolean; yes?: boolean }) => {
      if (yes && !fix) throw new UsageError('--yes goes with --fix');
      return act({ name: 'reconcile', fix, yes }, options());
    });

  premium
    .command('replay')
    .description('After a restore: repeat the changes that the audit trail has')
    .requiredOption(
      '--from <time>',
      'The time of the export, or earlier, e.g. 2027-01-31T00:00:00+07:00',
      once('--from', (text) => parseTime('--from', text)),
    )
    .action(({ from }: { from: number }) => act({ name: 'replay', from }, options()));
}
