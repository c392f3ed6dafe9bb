import type { Command } from 'commander';
import type { AuditQuestion } from '../../../../functions/src/operator';
import { parseTime, parseUid } from '../parse-argument';
import { UsageError } from '../usage-error';

export interface AuditOptions {
  /** An id or an alias; undefined: the emulators that the environment names. */
  readonly project?: string;
}

export type AuditAction = (question: AuditQuestion, options: AuditOptions) => Promise<void>;

const WEEK_MS = 7 * 86_400_000;

const NOTES = `
Logins come from Cloud Logging, changes of premium and orders from Firestore. Emulators have no log of
logins.

Without --project, it reads the emulators; with it, a real project, with your Application Default
Credentials. If there are too many logins, the output is cut; the last line names the --from to go on with.

Exit code: 0 success, 1 output cut, logins missing, or nothing could be read, 2 wrong usage.
Docs: docs/runbook.md#who-did-what`;

interface Given extends AuditOptions {
  readonly from?: string;
  readonly to?: string;
}

/** `audit [uid]` */
export function addAudit(program: Command, act: AuditAction): void {
  program
    .command('audit')
    .description('Print logins, and who changed premium and orders')
    .argument('[uid]', 'Of one customer only, tiki:<customer id>', parseUid)
    .option('--from <time>', 'At this time or later; default a week ago')
    .option('--to <time>', 'Before this time; default now')
    .option('--project <id>', 'A real project: its id, or its alias in .firebaserc')
    .addHelpText('after', NOTES)
    .action((uid: string | undefined, { from, to, project }: Given) => {
      const end = to === undefined ? Date.now() : parseTime('--to', to);
      const start = from === undefined ? end - WEEK_MS : parseTime('--from', from);
      if (start >= end) throw new UsageError('--to must be later than --from');
      const question = { from: start, to: end, ...(uid !== undefined && { uid }) };
      return act(question, project === undefined ? {} : { project });
    });
}
