import type { LogEntry } from 'firebase-functions/logger';
import { describeError } from '../log/describe-error';
import type { Project } from '../premium/projection';
import { isPending, type Recorded } from './record';

/**
 * Puts what was recorded on the account, if it is not there yet.
 *
 * @throws EntitlementError; what is stored is kept, and a repetition finishes the work
 */
export async function projectPremium(
  { order, entitlement }: Pick<Recorded, 'order' | 'entitlement'>,
  project: Project,
): Promise<void> {
  if (!entitlement || !isPending(entitlement)) return;
  const isRefund = order.refundedAt !== null;
  // A customer who buys has an account. One who is refunded may have deleted it.
  await project(order.uid, entitlement.version, isRefund ? 'skip' : 'create');
}

/** The same for a request: the reconciler finishes what fails here. */
export async function tryToProject(
  recorded: Pick<Recorded, 'order' | 'entitlement'>,
  { project, log }: { readonly project: Project; readonly log: (entry: LogEntry) => void },
): Promise<void> {
  try {
    await projectPremium(recorded, project);
  } catch (error) {
    const { reference, uid } = recorded.order;
    log({
      severity: 'WARNING',
      message: `payments: premium of ${uid} is stored, but not on the account yet`,
      reference,
      uid,
      error: describeError(error, []),
    });
  }
}
