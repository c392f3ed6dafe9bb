import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock';
import type { Connection, PremiumProject } from './connection';
import { createProject, type Project } from './projection';
import { createReconcile, type Reconcile } from './reconcile';
import { createPremiumService, type PremiumService } from './service';

export interface Premium {
  readonly service: PremiumService;
  readonly reconcile: Reconcile;
  /** Puts what is stored on an account. */
  readonly project: Project;
  readonly close: () => Promise<void>;
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
export async function openPremium(project: PremiumProject): Promise<Premium> {
  const { connect } = await import('./connection.js');
  return assemblePremium(await connect(project));
}
