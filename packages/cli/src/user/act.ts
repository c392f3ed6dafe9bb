import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  deleteUser,
  EntitlementError,
  everythingAbout,
  OrdersAreOpen,
  openUsers,
  parseGatewaySettings,
  revokeSessions,
  sh,
  shellQuote,
  type Users,
} from '../../../../functions/src/operator';
import { readParameters } from '../parameters';
import { prepareClients } from '../premium/prepare-clients';
import { createProgress } from '../premium/progress';
import { printable } from '../printable';
import { readFile } from '../project-files';
import { adoptEmulators } from '../running-emulators';
import { say, warn } from '../say';
import { chooseTarget, type Target } from '../target';
import { UsageError } from '../usage-error';
import type { UserOptions, UserTask } from './command';
import {
  describeDeletion,
  describePlannedDeletion,
  describePlannedRevocation,
  describeRevocation,
  describeUser,
} from './report';

function wordsOf(task: UserTask): readonly string[] {
  switch (task.name) {
    case 'show':
      return ['show', task.uid];
    case 'export':
      return ['export', task.uid, '--to', task.file];
    case 'delete':
      return ['delete', task.uid, '--yes'];
    case 'revoke':
      return [
        ...['revoke', '--since', new Date(task.since).toISOString()],
        ...(task.everybody ? ['--everybody'] : []),
        '--yes',
      ];
  }
}

/** The whole command, to be pasted into a shell; of one that asks, with `--yes`. */
function commandOf(task: UserTask, { project }: UserOptions): string {
  const words = [...wordsOf(task), ...(project === undefined ? [] : ['--project', project])];
  return ['npm run bridge -- user', ...words.map(shellQuote)].join(' ');
}

/** The buckets that the gateway serves; none where Storage does not run: calls would leave for Google. */
export function bucketsOf(target: Target, env: NodeJS.ProcessEnv): readonly string[] {
  const forEmulators = target.kind === 'emulators';
  if (forEmulators && !env['FIREBASE_STORAGE_EMULATOR_HOST']) return [];
  const { values } = readParameters(target, readFile, { forEmulators });
  return parseGatewaySettings({
    GCLOUD_PROJECT: target.projectId,
    STORAGE_BUCKET: values['STORAGE_BUCKET'],
  }).buckets;
}

/**
 * Only its owner can read it, and no file is overwritten.
 *
 * @throws UsageError
 */
function writeExport(file: string, content: string): void {
  try {
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new UsageError(`${file} exists: name another file`);
    throw error;
  }
}

/** @returns the exit code */
async function act(task: UserTask, { kept, accounts }: Users, command: string): Promise<number> {
  switch (task.name) {
    case 'show': {
      const all = await everythingAbout(task.uid, kept, Date.now());
      say(describeUser(all));
      return 0;
    }
    case 'export': {
      const all = await everythingAbout(task.uid, kept, Date.now());
      writeExport(task.file, `${JSON.stringify(all, undefined, 2)}\n`);
      say(`Written: ${path.resolve(task.file)}, readable by you alone.`);
      const [first] = all.files;
      if (first) {
        const folder = first.url.split('/').slice(0, 5).join('/');
        say(
          `Files are listed in it, not contained: ${sh`gcloud storage cp --recursive ${folder} .`}`,
        );
      }
      return 0;
    }
    case 'delete': {
      if (!task.yes) {
        const all = await everythingAbout(task.uid, kept, Date.now());
        say(describePlannedDeletion(all, command));
        return 1;
      }
      await deleteUser(task.uid, kept, ({ does }) => {
        say(`This ${does.replaceAll('<uid>', task.uid)}`);
      });
      say(describeDeletion(task.uid, command));
      return 0;
    }
    case 'revoke': {
      if (!task.yes) {
        say(describePlannedRevocation(task.since, task.everybody, command));
        return 1;
      }
      const revoked = await revokeSessions(task, accounts);
      say(describeRevocation(revoked, command));
      return revoked.failed.length === 0 ? 0 : 1;
    }
  }
}

function explain(error: unknown, options: UserOptions): string {
  if (error instanceof OrdersAreOpen) {
    const project = options.project === undefined ? '' : sh` --project ${options.project}`;
    return (
      `Not done. ${error.message}. A payment would bring the customer back. Wait until they are, or ` +
      `pay back: npm run bridge -- orders refund <reference>${project}` +
      (error.isLocked
        ? '\nNothing is deleted yet, but their sessions have ended and their account is disabled: delete again then.'
        : '')
    );
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/**
 * @returns the exit code
 * @throws UsageError
 */
export async function carryOutUser(task: UserTask, options: UserOptions): Promise<number> {
  await adoptEmulators(options.project, process.env, readFile);
  const target = chooseTarget(options.project, process.env, readFile);
  say(target.description);
  const command = commandOf(task, options);
  const progress = createProgress();
  try {
    const by = await progress.watch('Google', () => prepareClients(target, process.env));
    const { projectId, databaseUrl } = target;
    const buckets = bucketsOf(target, process.env);
    const users = await openUsers({ projectId, databaseUrl, buckets, by });
    try {
      return await progress.watch('Google', () => act(task, users, command));
    } finally {
      await users.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    warn(printable(error instanceof EntitlementError ? error.message : explain(error, options)));
    if (!(error instanceof OrdersAreOpen)) warn(`Repeat it with: ${command}`);
    return 1;
  }
}
