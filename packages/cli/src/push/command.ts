import type { Command } from 'commander';
import {
  checkMessage,
  type NotificationId,
  parseCustomerUid,
  EntitlementError,
  parseNotificationId,
  PushError,
} from '../../../../functions/src/operator';
import { UsageError } from '../usage-error';

export type PushTask =
  | {
      readonly name: 'send';
      readonly uid: string;
      readonly title: string;
      readonly body: string;
      readonly path?: string;
      readonly id?: string;
    }
  | { readonly name: 'status'; readonly of: NotificationId };

export interface PushOptions {
  /** An id or an alias; undefined: the emulators that the environment names. */
  readonly project?: string;
}

export type PushAction = (task: PushTask, options: PushOptions) => Promise<void>;

/** @throws UsageError for the errors of `work` that are about what was typed */
function asUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const isTyped = error instanceof PushError || error instanceof EntitlementError;
    throw isTyped ? new UsageError(error.message) : error;
  }
}

const NOTES = `
<uid> is tiki:<customer id>. Without --project, commands act on the emulators that
FIRESTORE_EMULATOR_HOST and FIREBASE_AUTH_EMULATOR_HOST name, else on those of npm start;
with it, on a real project, with your Application Default Credentials.

"send" writes a notification; the function pushNotification sends it to the user's devices. It first
prints the command that repeats it, which sends nothing twice.

Exit code: 0 success, 1 something failed, 2 wrong usage.
Docs: docs/push.md`;

interface SendOptions {
  readonly title: string;
  readonly body: string;
  readonly path?: string;
  readonly id?: string;
}

/** `push send|status` */
export function addPush(program: Command, act: PushAction): void {
  const push = program
    .command('push')
    .description('Send a notification to a user, and see what became of it')
    .helpCommand(false)
    .option('--project <id>', 'A real project: its id, or its alias in .firebaserc')
    .addHelpText('after', NOTES);
  // Options of the group may come before or after the name of the command.
  const options = (): PushOptions => push.opts<PushOptions>();

  push
    .command('send')
    .description("Send a notification to a user's devices")
    .argument('<uid>', 'tiki:<customer id>', (text: string) =>
      asUsage(() => parseCustomerUid(text)),
    )
    .requiredOption('--title <text>', 'The first line')
    .requiredOption('--body <text>', 'The text below it')
    .option('--path <path>', 'The page that a click opens, such as /orders/1')
    .option('--id <id>', 'A name of your own; the same one again sends nothing')
    .action((uid: string, { title, body, path, id }: SendOptions) => {
      asUsage(() => {
        checkMessage({ title, body, ...(path !== undefined && { path }) });
        if (id !== undefined) parseNotificationId(`${uid}/${id}`);
      });
      const task = { name: 'send', uid, title, body } as const;
      return act(
        { ...task, ...(path !== undefined && { path }), ...(id !== undefined && { id }) },
        options(),
      );
    });

  push
    .command('status')
    .description('Print what became of a notification')
    .argument('<notification>', '<uid>/<id>, as "send" prints it')
    .action((text: string) =>
      act({ name: 'status', of: asUsage(() => parseNotificationId(text)) }, options()),
    );
}
