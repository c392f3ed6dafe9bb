import type { Command } from 'commander';
import {
  EntitlementError,
  OrdersError,
  parseCustomerUid,
  parseReference,
} from '../../../../functions/src/operator';
import { parseTime } from '../parse-argument';
import { UsageError } from '../usage-error';

/** Epoch ms: `[from, to)`. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export type OrdersTask =
  | { readonly name: 'list'; readonly size: number; readonly uid?: string }
  | { readonly name: 'show'; readonly reference: string }
  | { readonly name: 'reconcile'; readonly yes: boolean }
  | {
      readonly name: 'reconcile';
      readonly reference: string;
      readonly paid: boolean;
      readonly yes: boolean;
    }
  | { readonly name: 'refund'; readonly reference: string; readonly yes: boolean }
  | { readonly name: 'export'; readonly period: Period };

export interface OrdersOptions {
  /** An id or an alias; undefined: the emulators that the environment names. */
  readonly project?: string;
}

export type OrdersAction = (task: OrdersTask, options: OrdersOptions) => Promise<void>;

/** @throws UsageError for the errors of `work` that are about what was typed */
function asUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const isTyped = error instanceof OrdersError || error instanceof EntitlementError;
    throw isTyped ? new UsageError(error.message) : error;
  }
}

const reference = (text: string): string => asUsage(() => parseReference(text));

const MAX_SIZE = 1_000;

function parseSize(text: string): number {
  const size = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= MAX_SIZE) return size;
  throw new UsageError(`--last must be a whole number from 1 to ${MAX_SIZE}, not ${text}`);
}

const NOTES = `
Without --project, commands act on the emulators that FIRESTORE_EMULATOR_HOST and
FIREBASE_AUTH_EMULATOR_HOST name, else on those of npm start; with it, on a real project, with your
Application Default Credentials.

"reconcile", "refund" and "export" ask Tiki. Give them the app's secret in the environment:
TIKI_CLIENT_SECRET=$(npx firebase functions:secrets:access TIKI_CLIENT_SECRET --project <id>) npm run …

"refund" cancels an order that Tiki has not completed, and Tiki pays the customer back. Afterwards it
withdraws premium only: you pay back by hand. Without --yes it only says what would happen. All commands
may be repeated.

Exit code: 0 success, 1 something failed, differs, or is left for the next run, 2 wrong usage.
Docs: docs/payments.md`;

/** `orders list|show|reconcile|refund|export` */
export function addOrders(program: Command, act: OrdersAction): void {
  const orders = program
    .command('orders')
    .description('Look at orders, repair, refund and export them')
    .helpCommand(false)
    .option('--project <id>', 'A real project: its id, or its alias in .firebaserc')
    .addHelpText('after', NOTES);
  // Options of the group may come before or after the name of the command.
  const options = (): OrdersOptions => orders.opts<OrdersOptions>();

  orders
    .command('list')
    .description('Print the newest orders')
    .option('--uid <uid>', 'Of one customer only, tiki:<customer id>')
    .option('--last <number>', 'How many', parseSize, 20)
    .action(({ uid, last }: { readonly uid?: string; readonly last: number }) => {
      const of = uid === undefined ? {} : { uid: asUsage(() => parseCustomerUid(uid)) };
      return act({ name: 'list', size: last, ...of }, options());
    });

  orders
    .command('show')
    .description('Print an order with the messages about it')
    .argument('<reference>', 'As "list" prints it', reference)
    .action((of: string) => act({ name: 'show', reference: of }, options()));

  orders
    .command('reconcile')
    .description('Compare unfinished orders with Tiki and repair what differs')
    .argument('[reference]', 'One order only, whether it is due or not', reference)
    .option('--yes', 'Also withdraw premium from any number of customers', false)
    .option('--paid', 'It is paid, as you have seen in Tini Console: needs a reference', false)
    .action(
      (
        of: string | undefined,
        { yes, paid }: { readonly yes: boolean; readonly paid: boolean },
      ) => {
        if (of !== undefined)
          return act({ name: 'reconcile', reference: of, paid, yes }, options());
        if (paid) throw new UsageError('--paid needs the reference of the order that was paid');
        return act({ name: 'reconcile', yes }, options());
      },
    );

  orders
    .command('refund')
    .description('Pay an order back, and withdraw its premium')
    .argument('<reference>', 'As "list" prints it', reference)
    .option('--yes', 'Do it: a refund is final', false)
    .action((of: string, { yes }: { readonly yes: boolean }) =>
      act({ name: 'refund', reference: of, yes }, options()),
    );

  orders
    .command('export')
    .description('Write receipts as CSV to standard output, and totals beside it')
    .requiredOption('--from <time>', 'Paid at this time or later, e.g. 2027-01-01T00:00:00+07:00')
    .requiredOption('--to <time>', 'Paid before this time')
    .action(({ from, to }: { readonly from: string; readonly to: string }) => {
      const period = { from: parseTime('--from', from), to: parseTime('--to', to) };
      if (period.from >= period.to) throw new UsageError('--to must be later than --from');
      return act({ name: 'export', period }, options());
    });
}
