import { randomUUID } from 'node:crypto';
import {
  EntitlementError,
  explainPushFailure,
  openPush,
  type Push,
  type PushStatus,
  sh,
  shellQuote,
} from '../../../../functions/src/operator';
import { listFiles, readFile } from '../deployment';
import { findLegacyKey } from '../legacy-key';
import { prepareClients } from '../premium/prepare-clients';
import { createProgress } from '../premium/progress';
import { printable } from '../printable';
import { adoptEmulators } from '../running-emulators';
import { say, warn } from '../say';
import { chooseTarget } from '../target';
import { UsageError } from '../usage-error';
import type { PushOptions, PushTask } from './command';

/** FCM's code for a device that is not there any more. */
const GONE = 'registration-token-not-registered';

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

const devices = (count: number): string => (count === 1 ? '1 device' : `${count} devices`);

/** @param projectId Of a real project; undefined: the emulators, where npm start prints the log. */
export function describeStatus(status: PushStatus, projectId: string | undefined): string {
  const project = projectId === undefined ? '' : sh` --project ${projectId}`;
  switch (status.state) {
    case 'unknown':
      return 'There is no such notification.';
    case 'waiting':
      return (
        `Not finished: FCM has answered for ${devices(status.answered)}, not for ${status.left}. If it ` +
        (projectId === undefined
          ? 'stays like this, look at the output of npm start.'
          : `stays like this: npm run doctor --${project}`)
      );
    case 'finished': {
      const { skipped, successes, failures } = status.summary;
      if (skipped === 'switched-off') return 'Not sent: the user has switched this kind off.';
      if (skipped === 'malformed') {
        return 'Not sent: it is not of the documented shape; see docs/push.md. Write another one.';
      }
      const failed = Object.entries(failures).map(([code, count]) => `${count} × ${code}`);
      const sent = `Sent to ${devices(successes)}; failed: ${failed.join(', ') || 'none'}.`;
      // That a device is gone needs no action; its registration is deleted.
      const isFixable = Object.keys(failures).some((code) => code !== GONE);
      if (!isFixable || projectId === undefined) return sent;
      return `${sent} Why: npx firebase functions:log --only pushNotification${project}`;
    }
  }
}

async function act(
  task: PushTask,
  push: Push,
  options: PushOptions,
  projectId: string | undefined,
): Promise<boolean> {
  if (task.name === 'status') {
    const status = await push.status(task.of);
    say(printable(describeStatus(status, projectId)));
    return status.state !== 'unknown';
  }
  const { uid, id = '', title, body, path } = task;
  const isNew = await push.send({ uid, id }, { title, body, ...(path !== undefined && { path }) });
  say(isNew ? `Written as ${uid}/${id}.` : `${uid}/${id} was written before: not again.`);
  const status: PushTask = { name: 'status', of: { uid, id } };
  say(`What becomes of it: ${commandOf(status, options)}`);
  say('Done.');
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
  say(target.description);
  const task = asked.name === 'send' ? { ...asked, id: asked.id ?? randomUUID() } : asked;
  const repeat = task.name === 'send' ? commandOf(task, options) : undefined;
  // Before anything is written: whatever happens to this process, it can be repeated.
  if (repeat !== undefined) say(`If this is interrupted, repeat it with: ${repeat}`);
  const progress = createProgress();
  try {
    await progress.watch('Google', () => prepareClients(target, process.env));
    const push = await openPush(target.projectId);
    const real = target.kind === 'project' ? target.projectId : undefined;
    return (await progress.watch('Firestore', () => act(task, push, options, real))) ? 0 : 1;
  } catch (error) {
    const isPreparation = error instanceof EntitlementError;
    const message = isPreparation ? error.message : explainPushFailure(error, target.projectId);
    warn(printable(`${isPreparation ? 'Not done' : 'Unknown'}: ${message}`));
    if (repeat !== undefined) warn(`Repeat it with: ${repeat}`);
    return 1;
  }
}
