import { randomUUID } from 'node:crypto';
import {
  EntitlementError,
  explainPushFailure,
  openPush,
  type Push,
  type PushStatus,
  shellQuote,
} from '../../../../functions/src/operator';
import { findLegacyKey } from '../legacy-key';
import { prepareClients } from '../premium/prepare-clients';
import { createProgress } from '../premium/progress';
import { printable } from '../printable';
import { listFiles, readFile } from '../project-files';
import { adoptEmulators } from '../running-emulators';
import { chooseTarget } from '../target';
import { UsageError } from '../usage-error';
import type { PushOptions, PushTask } from './command';

/** The whole command, to be pasted into a shell. */
function commandOf(task: PushTask, { project }: PushOptions): string {
  const given =
    task.name === 'send'
      ? [
          task.uid,
          ...['--title', task.title, '--body', task.body],
          ...(task.path === undefined ? [] : ['--path', task.path]),
          ...(task.id === undefined ? [] : ['--id', task.id]),
        ]
      : [`${task.of.uid}/${task.of.id}`];
  const words = [task.name, ...given, ...(project === undefined ? [] : ['--project', project])];
  return ['npm run bridge -- push', ...words.map(shellQuote)].join(' ');
}

function describeStatus(status: PushStatus): string {
  switch (status.state) {
    case 'unknown':
      return 'There is no such notification.';
    case 'waiting':
      return (
        `Not finished: ${status.answered} devices have answered, ${status.left} have not. ` +
        'If it stays like this, is pushNotification deployed? npm run doctor tells.'
      );
    case 'finished': {
      const { skipped, successes, failures } = status.summary;
      if (skipped === 'switched-off') return 'Not sent: the user has switched this kind off.';
      if (skipped === 'malformed') return 'Not sent: it is not of the documented shape.';
      const failed = Object.entries(failures).map(([code, count]) => `${count} × ${code}`);
      return `Sent to ${successes} devices; failed: ${failed.join(', ') || 'none'}.`;
    }
  }
}

async function act(task: PushTask, push: Push, options: PushOptions): Promise<boolean> {
  if (task.name === 'status') {
    const status = await push.status(task.of);
    console.log(printable(describeStatus(status)));
    return status.state !== 'unknown';
  }
  const { uid, id = '', title, body, path } = task;
  const isNew = await push.send({ uid, id }, { title, body, ...(path !== undefined && { path }) });
  console.log(isNew ? `Written as ${uid}/${id}.` : `${uid}/${id} was written before: not again.`);
  const status: PushTask = { name: 'status', of: { uid, id } };
  console.log(`What becomes of it: ${commandOf(status, options)}`);
  console.log('Done.');
  return true;
}

/**
 * @returns the exit code
 * @throws UsageError
 */
export async function carryOutPush(asked: PushTask, options: PushOptions): Promise<number> {
  const legacy = findLegacyKey({ env: process.env, readFile, listFiles });
  if (legacy) throw new UsageError(`${legacy.place}: ${legacy.cause}: ${legacy.remedy}`);
  await adoptEmulators(options.project, process.env, readFile);
  const target = chooseTarget(options.project, process.env, readFile);
  console.log(target.description);
  const task = asked.name === 'send' ? { ...asked, id: asked.id ?? randomUUID() } : asked;
  const repeat = task.name === 'send' ? commandOf(task, options) : undefined;
  // Before anything is written: whatever happens to this process, it can be repeated.
  if (repeat !== undefined) console.log(`If this is interrupted, repeat it with: ${repeat}`);
  const progress = createProgress();
  try {
    await progress.watch('Google', () => prepareClients(target, process.env));
    const push = await openPush(target.projectId);
    return (await progress.watch('Firestore', () => act(task, push, options))) ? 0 : 1;
  } catch (error) {
    const isPreparation = error instanceof EntitlementError;
    const message = isPreparation ? error.message : explainPushFailure(error, target.projectId);
    console.error(printable(`${isPreparation ? 'Not done' : 'Unknown'}: ${message}`));
    if (repeat !== undefined) console.error(`Repeat it with: ${repeat}`);
    return 1;
  }
}
