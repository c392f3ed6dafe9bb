import { shellQuote } from '../../../../functions/src/operator';
import type { PremiumOptions, Task } from './command';

function wordsOf(task: Task): readonly string[] {
  switch (task.name) {
    case 'grant': {
      const { uid, terms, id } = task;
      const length =
        'days' in terms
          ? ['--days', String(terms.days)]
          : ['--until', new Date(terms.until).toISOString()];
      return ['grant', uid, ...length, ...(id === undefined ? [] : ['--id', id])];
    }
    case 'revoke':
      return ['revoke', task.uid, task.which === 'all' ? '--all' : task.which.id];
    case 'delete':
      return ['delete', task.uid, '--yes'];
    case 'show':
      return ['show', task.uid];
    case 'replay':
      return ['replay', '--from', new Date(task.from).toISOString()];
    case 'reconcile':
      return ['reconcile', ...(task.fix ? ['--fix'] : []), ...(task.yes ? ['--yes'] : [])];
  }
}

/** The whole command, to be pasted into a shell. */
export function commandOf(task: Task, { project, json }: PremiumOptions): string {
  const words = [
    ...wordsOf(task),
    ...(json ? ['--json'] : []),
    ...(project === undefined ? [] : ['--project', project]),
  ];
  return ['npm run premium --', ...words.map(shellQuote)].join(' ');
}

export function isWrite(task: Task): boolean {
  return task.name !== 'show' && !(task.name === 'reconcile' && !task.fix);
}
