import { createInterface } from 'node:readline/promises';
import { UsageError } from '../usage-error';
import type { PremiumOptions, Task } from './command';

/**
 * Asks before a deletion, unless `--yes` has answered.
 *
 * @throws UsageError without a yes; nothing has been sent then
 */
export async function confirm(task: Task, { json }: PremiumOptions): Promise<void> {
  if (task.name !== 'delete' || task.yes) return;
  const { uid } = task;
  if (json || !process.stdin.isTTY) {
    throw new UsageError(
      `This deletes the account and all purchases of ${uid} for good. To go on, add --yes`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(
      `This deletes the account and all purchases of ${uid} for good.\nType ${uid} to go on: `,
    );
    if (answer.trim() !== uid) throw new UsageError('Not done: that was another answer');
  } finally {
    terminal.close();
  }
}
