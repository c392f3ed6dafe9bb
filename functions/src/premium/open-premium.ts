import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock';
import type { Connection, PremiumProject } from './connection';
import { createProject, type Project } from './projection';
import { createReconcile, type Reconcile } from './reconcile';
import type { ReplayReport } from './replay';
import { createPremiumService, type PremiumService } from './service';

export interface Premium {
  readonly service: PremiumService;
  readonly reconcile: Reconcile;
  /** Puts what is stored on an account. */
  readonly project: Project;
  readonly close: () => Promise<void>;
}

/** {@link Premium} for the command line, which can also replay. */
export interface OperatorPremium extends Premium {
  /**
   * Repeats on the documents of a restored database what the audit trail has since its export.
   *
   * @param from Epoch ms
   * @throws EntitlementError `store-unavailable`: the trail could not be read, and nothing was done
   */
  readonly replay: (from: number) => Promise<ReplayReport>;
}

/** Assembles the premium service on a connection. */
export function assemblePremium(connection: Omit<Connection, 'firestore'>): Premium {
  const { store, accounts, mirror } = connection;
  const project = createProject({
    store,
    accounts,
    mirror,
    clock: systemClock,
    random: Math.random,
    newHolder: randomUUID,
  });
  return {
    service: createPremiumService({ store, accounts, mirror, project }),
    reconcile: createReconcile({ store, accounts, mirror, project }),
    project,
    close: () => connection.close(),
  };
}

/**
 * Premium on a real project or on emulators; see `connect`. Loads the Firestore client only now, so
 * that logins do not pay for it.
 */
export async function openPremium(project: PremiumProject): Promise<OperatorPremium> {
  const { connect } = await import('./connection.js');
  const connection = await connect(project);
  const premium = assemblePremium(connection);
  return {
    ...premium,
    replay: async (from) => {
      const { openReplay } = await import('./open-replay.js');
      return openReplay(connection.firestore, premium.service, project)(from);
    },
  };
}
