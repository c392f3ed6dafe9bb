import type { Command } from 'commander';
import type { Revocation } from '../../../../functions/src/operator';
import { parseTime, parseUid } from '../parse-argument';

export type UserTask =
  | { readonly name: 'show'; readonly uid: string }
  | { readonly name: 'export'; readonly uid: string; readonly file: string }
  | { readonly name: 'delete'; readonly uid: string; readonly yes: boolean }
  | ({ readonly name: 'revoke'; readonly yes: boolean } & Revocation);

export interface UserOptions {
  /** An id or an alias; undefined: the emulators that the environment names. */
  readonly project?: string;
}

export type UserAction = (task: UserTask, options: UserOptions) => Promise<void>;

const NOTES = `
<uid> is tiki:<customer id>. Without --project, commands act on the emulators that
FIRESTORE_EMULATOR_HOST and FIREBASE_AUTH_EMULATOR_HOST name, else on those of npm start; with it, on a
real project, with your Application Default Credentials.

"delete" and "revoke" say without --yes what they would do. All commands may be repeated.

Exit code: 0 success, 1 something failed or was only shown, 2 wrong usage.
Docs: docs/runbook.md`;

interface RevokeOptions {
  readonly since: string;
  readonly everybody: boolean;
  readonly yes: boolean;
}

/** `user show|export|delete|revoke` */
export function addUser(program: Command, act: UserAction): void {
  const user = program
    .command('user')
    .description('Show, export and delete what is kept about a customer; end sessions after a leak')
    .helpCommand(false)
    .option('--project <id>', 'A real project: its id, or its alias in .firebaserc')
    .addHelpText('after', NOTES);
  // Options of the group may come before or after the name of the command.
  const options = (): UserOptions => user.opts<UserOptions>();

  user
    .command('show')
    .description('Print what is kept about a customer, and where')
    .argument('<uid>', 'tiki:<customer id>', parseUid)
    .action((uid: string) => act({ name: 'show', uid }, options()));

  user
    .command('export')
    .description('Write all of it into a JSON file that only you can read')
    .argument('<uid>', 'tiki:<customer id>', parseUid)
    .requiredOption('--to <file>', 'A file that does not exist yet')
    .action((uid: string, { to }: { readonly to: string }) =>
      act({ name: 'export', uid, file: to }, options()),
    );

  user
    .command('delete')
    .description('Delete all of it, except orders and the audit trail')
    .argument('<uid>', 'tiki:<customer id>', parseUid)
    .option('--yes', 'Do it: it is final', false)
    .action((uid: string, { yes }: { readonly yes: boolean }) =>
      act({ name: 'delete', uid, yes }, options()),
    );

  user
    .command('revoke')
    .description('End the sessions of all customers who were there since a time')
    .requiredOption('--since <time>', 'With its zone, e.g. 2027-01-01T00:00:00+07:00')
    .option('--everybody', 'Also accounts that are no customer of Tiki', false)
    .option('--yes', 'Do it', false)
    .action(({ since, everybody, yes }: RevokeOptions) =>
      act({ name: 'revoke', since: parseTime('--since', since), everybody, yes }, options()),
    );
}
