import {
  explainOrdersFailure,
  EntitlementError,
  openOrders,
  type Orders,
  shellQuote,
} from '../../../../functions/src/operator';
import { readFile } from '../deployment';
import { readParameters } from '../parameters';
import { prepareClients } from '../premium/prepare-clients';
import { createProgress } from '../premium/progress';
import { printable } from '../printable';
import { adoptEmulators } from '../running-emulators';
import { say, warn } from '../say';
import { chooseTarget, type Target } from '../target';
import { UsageError } from '../usage-error';
import type { OrdersOptions, OrdersTask } from './command';
import {
  describeEntry,
  describeExport,
  describeOrder,
  describePlannedRefund,
  describeRefund,
  describeReport,
} from './report';

const SECRET = 'TIKI_CLIENT_SECRET';
/** Of the Tiki simulator, unless it is started with another one. */
const SIMULATOR_SECRET = 'demo-client-secret';

function asksTiki(task: OrdersTask): boolean {
  if (task.name === 'refund') return task.yes;
  return task.name !== 'list' && task.name !== 'show';
}

function wordsOf(task: OrdersTask): readonly string[] {
  switch (task.name) {
    case 'list':
      return ['list'];
    case 'reconcile':
      return ['reconcile', ...('reference' in task ? [task.reference] : [])];
    case 'show':
    case 'refund':
      return [task.name, task.reference];
    case 'export':
      return ['export'];
  }
}

/** The whole command, to be pasted into a shell; without the secret in the environment. */
function commandOf(task: OrdersTask, { project }: OrdersOptions, ...more: string[]): string {
  const words = [
    ...wordsOf(task),
    ...more,
    ...(project === undefined ? [] : ['--project', project]),
  ];
  return ['npm run bridge -- orders', ...words.map(shellQuote)].join(' ');
}

/**
 * What the functions get, with the secret.
 *
 * @throws UsageError
 */
function environmentFor(task: OrdersTask, target: Target): NodeJS.ProcessEnv {
  const forEmulators = target.kind === 'emulators';
  const { values } = readParameters(target, readFile, { forEmulators });
  const secret = process.env[SECRET] || (forEmulators ? SIMULATOR_SECRET : '');
  if (asksTiki(task) && secret === '') {
    const project = shellQuote(target.alias ?? target.projectId);
    throw new UsageError(
      `Tiki is asked with the app's secret, and ${SECRET} is not set. Put this before the command:\n` +
        `${SECRET}=$(npx firebase functions:secrets:access ${SECRET} --project ${project})`,
    );
  }
  return { ...values, ...process.env, [SECRET]: secret };
}

/** @returns the exit code */
async function act(task: OrdersTask, orders: Orders, options: OrdersOptions): Promise<number> {
  switch (task.name) {
    case 'list': {
      const entries = await orders.list(task.size, task.uid);
      say(entries.length === 0 ? 'No orders.' : entries.map(describeEntry).join('\n'));
      return 0;
    }
    case 'show': {
      const shown = await orders.show(task.reference);
      say(shown ? describeOrder(shown) : 'There is no such order.');
      return shown ? 0 : 1;
    }
    case 'reconcile': {
      const report = await orders.reconcile({
        removeAny: task.yes,
        ...('reference' in task && { reference: task.reference, isPaid: task.paid }),
      });
      const { text, isDone } = describeReport(report, commandOf(task, options, '--yes'));
      say(text);
      return isDone ? 0 : 1;
    }
    case 'refund': {
      if (!task.yes) {
        const shown = await orders.show(task.reference);
        say(
          shown
            ? describePlannedRefund(shown.order, commandOf(task, options, '--yes'))
            : 'There is no such order.',
        );
        return 1;
      }
      const result = await orders.refund(task.reference);
      say(describeRefund(result));
      return result.how === 'not-paid' ? 1 : 0;
    }
    case 'export': {
      const exported = await orders.export(task.period);
      process.stdout.write(exported.csv);
      warn(describeExport(exported));
      return exported.differences.length === 0 ? 0 : 1;
    }
  }
}

/**
 * @returns the exit code
 * @throws UsageError
 */
export async function carryOutOrders(task: OrdersTask, options: OrdersOptions): Promise<number> {
  await adoptEmulators(options.project, process.env, readFile);
  const target = chooseTarget(options.project, process.env, readFile);
  const env = environmentFor(task, target);
  // Standard output of an export is the CSV.
  (task.name === 'export' ? warn : say)(target.description);
  const progress = createProgress();
  try {
    const by = await progress.watch('Google', () => prepareClients(target, process.env));
    const orders = await openOrders({ ...target, by }, env);
    try {
      return await progress.watch('Firestore or Tiki', () => act(task, orders, options));
    } finally {
      await orders.close();
    }
  } catch (error) {
    const isPreparation = error instanceof EntitlementError;
    const text = isPreparation ? error.message : explainOrdersFailure(error);
    warn(text.split('\n').map(printable).join('\n'));
    if (task.name === 'refund' && task.yes) {
      warn(`Repeat it to be sure: ${commandOf(task, options, '--yes')}`);
    }
    return 1;
  }
}
