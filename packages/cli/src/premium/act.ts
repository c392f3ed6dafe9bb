import { randomUUID } from 'node:crypto';
import {
  ENTITLEMENT_ERRORS,
  EntitlementError,
  openPremium,
  type OperatorPremium,
} from '../../../../functions/src/operator';
import { named, readFile } from '../deployment';
import { printableJson } from '../printable';
import { adoptEmulators } from '../running-emulators';
import { say, warn } from '../say';
import { CALL_TIMEOUT_MS, chooseTarget, type Target } from '../target';
import type { PremiumOptions, Task } from './command';
import { confirm } from './confirm';
import { prepareClients } from './prepare-clients';
import { commandOf, isWrite } from './repeat';
import {
  describeFailure,
  describeOutcome,
  describeOverview,
  describeRemoval,
  describeReplay,
  describeReport,
} from './report';
import { createProgress } from './progress';

interface Done {
  /** For people. */
  readonly text: string;
  /** For programs: `--json`. */
  readonly result: object;
  /** How many differences are left. */
  readonly left?: number;
}

/** With an id, so that repeating the grant has no second effect. */
function withId(task: Task): Task {
  return task.name === 'grant' ? { ...task, id: task.id ?? `operator-${randomUUID()}` } : task;
}

async function act(
  task: Task,
  { service, reconcile, replay }: OperatorPremium,
  options: PremiumOptions,
): Promise<Done> {
  switch (task.name) {
    case 'grant': {
      const { uid, terms, id = '' } = task;
      const result = await service.grant(uid, { id, ...terms });
      const given =
        'days' in terms
          ? `${terms.days} days`
          : `premium until ${new Date(terms.until).toISOString()}`;
      return { text: describeOutcome(`Granted ${given} as ${id}`, result), result };
    }
    case 'revoke': {
      const result = await service.revoke(task.uid, task.which);
      const which = task.which === 'all' ? 'all purchases' : task.which.id;
      return { text: describeOutcome(`Revoked ${which}`, result), result };
    }
    case 'delete': {
      const result = await service.remove(task.uid);
      return { text: describeRemoval(result), result };
    }
    case 'show': {
      const result = await service.show(task.uid);
      return { text: describeOverview(result), result };
    }
    case 'reconcile': {
      const result = await reconcile({ fix: task.fix, removeAny: task.yes });
      const left = result.drifts.filter(({ mended }) => !mended).length;
      const goOn = commandOf({ ...task, yes: true }, options);
      return { text: describeReport(result, goOn), result, left };
    }
    case 'replay': {
      const result = await replay(task.from);
      return { text: describeReplay(result, options), result, left: result.left.length };
    }
  }
}

/** Where the end of a command is printed. */
interface Printing {
  readonly target: Omit<Target, 'description'>;
  readonly json: boolean;
  /** The command that repeats this one, if it changes something. */
  readonly repeat: string | undefined;
}

/** @returns the exit code */
function printDone({ text, result, left = 0 }: Done, { target, json, repeat }: Printing): number {
  const outcome = left === 0 ? 'done' : 'not done';
  if (json) {
    const ended = repeat === undefined ? {} : { outcome, repeat: named(repeat) };
    console.log(printableJson({ target, ...ended, result }));
  } else {
    say(text);
    if (repeat !== undefined) say(left === 0 ? 'Done.' : `Not done: ${left} left.`);
  }
  return left === 0 ? 0 : 1;
}

const WORDS = { 'not done': 'Not done', unknown: 'Unknown' } as const;

/** @returns the exit code */
function printFailure(error: EntitlementError, { target, json, repeat }: Printing): number {
  const message = describeFailure(error);
  const { code, outcome } = error;
  if (json) {
    const ended = repeat === undefined ? {} : { outcome, repeat: named(repeat) };
    console.log(JSON.stringify({ target, ...ended, error: { code, message } }));
    return 1;
  }
  warn(`${repeat === undefined ? 'Failed' : WORDS[outcome]} (${code}): ${message}`);
  const mayHelp = outcome === 'unknown' || ENTITLEMENT_ERRORS[code].retry;
  if (repeat !== undefined && mayHelp) warn(`Repeat it with: ${repeat}`);
  return 1;
}

/**
 * @returns the exit code
 * @throws UsageError
 */
export async function carryOut(asked: Task, options: PremiumOptions): Promise<number> {
  const { project, json } = options;
  await adoptEmulators(project, process.env, readFile);
  const { description, ...target } = chooseTarget(project, process.env, readFile);
  // With --json, standard output is for the program that reads it.
  const note = json ? warn : say;
  note(description);
  await confirm(asked, options);
  const task = withId(asked);
  const repeat = isWrite(task) ? commandOf(task, options) : undefined;
  // Before anything is sent: whatever happens to this process, the change can be repeated.
  if (repeat !== undefined) note(`If this is interrupted, repeat it with: ${repeat}`);
  const printing = { target, json, repeat };
  const progress = createProgress();
  try {
    const by = await progress.watch('Google', () => prepareClients(target, process.env));
    const { projectId, databaseUrl } = target;
    const premium = await openPremium({
      projectId,
      databaseUrl,
      by,
      timeoutMs: CALL_TIMEOUT_MS,
      onSlow: progress.onSlow,
    });
    return printDone(await act(task, premium, options), printing);
  } catch (error) {
    if (error instanceof EntitlementError) return printFailure(error, printing);
    if (repeat !== undefined) warn(`Unknown. Repeat it with: ${repeat}`);
    throw error;
  }
}
