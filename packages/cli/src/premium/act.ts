import { randomUUID } from 'node:crypto';
import {
  ENTITLEMENT_ERRORS,
  EntitlementError,
  openPremium,
  type Premium,
  type PremiumService,
  type Terms,
} from '../../../../functions/src/operator';
import { readFile } from '../project-files';
import { adoptEmulators } from '../running-emulators';
import { CALL_TIMEOUT_MS, chooseTarget } from '../target';
import type { PremiumOptions, Task } from './command';
import { prepareClients } from './prepare-clients';
import { describeFailure, describeOutcome, describeOverview, describeReport } from './report';

interface Done {
  /** For people. */
  readonly text: string;
  /** For programs: `--json`. */
  readonly result: object;
  /** Something is left to repair. */
  readonly unfinished?: boolean;
}

/** A grant that failed may have been stored: with the same id, repeating it has no effect then. */
async function grant(service: PremiumService, uid: string, gift: { readonly id: string } & Terms) {
  try {
    return await service.grant(uid, gift);
  } catch (error) {
    if (!(error instanceof EntitlementError) || !ENTITLEMENT_ERRORS[error.code].retry) throw error;
    const message = `${error.message}. To repeat it, add --id ${gift.id}`;
    throw new EntitlementError(error.code, message, error.cause);
  }
}

async function act(task: Task, { service, reconcile }: Premium): Promise<Done> {
  switch (task.name) {
    case 'grant': {
      const id = task.id ?? `operator-${randomUUID()}`;
      const result = await grant(service, task.uid, { id, ...task.terms });
      const given =
        'days' in task.terms
          ? `${task.terms.days} days`
          : `premium until ${new Date(task.terms.until).toISOString()}`;
      return { text: describeOutcome(`Granted ${given} as ${id}`, result), result };
    }
    case 'revoke': {
      const result = await service.revoke(task.uid, task.which);
      const which = task.which === 'all' ? 'all purchases' : task.which.id;
      return { text: describeOutcome(`Revoked ${which}`, result), result };
    }
    case 'show': {
      const result = await service.show(task.uid);
      return { text: describeOverview(result), result };
    }
    case 'reconcile': {
      const result = await reconcile({ fix: task.fix });
      const unfinished = result.drifts.some(({ mended }) => !mended);
      return { text: describeReport(result), result, unfinished };
    }
  }
}

/**
 * @returns the exit code
 * @throws UsageError
 */
export async function carryOut(task: Task, { project, json }: PremiumOptions): Promise<number> {
  await adoptEmulators(project, process.env, readFile);
  const { description, ...target } = chooseTarget(project, process.env, readFile);
  // With --json, standard output is for the program that reads it.
  (json ? console.error : console.log)(description);
  try {
    await prepareClients(target, process.env);
    const { projectId, databaseUrl } = target;
    const premium = await openPremium({ projectId, databaseUrl, timeoutMs: CALL_TIMEOUT_MS });
    const { text, result, unfinished = false } = await act(task, premium);
    console.log(json ? JSON.stringify({ target, result }, undefined, 2) : text);
    return unfinished ? 1 : 0;
  } catch (error) {
    if (!(error instanceof EntitlementError)) throw error;
    const message = describeFailure(error);
    if (json) console.log(JSON.stringify({ target, error: { code: error.code, message } }));
    else console.error(`Failed (${error.code}): ${message}`);
    return 1;
  }
}
