import { randomUUID } from 'node:crypto';
import { applicationDefault, deleteApp, initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { getFirestore } from 'firebase-admin/firestore';
import { systemClock } from '../clock';
import { createAccounts, type Accounts } from './accounts';
import { createMirror, type Mirror } from './mirror';
import { createStore, type EntitlementStore } from './store';

export interface PremiumProject {
  /** Undefined: the project that the credentials or the Functions runtime name. */
  readonly projectId?: string | undefined;
  /** Of the Realtime Database that mirrors premiumUntil; undefined: there is none. */
  readonly databaseUrl?: string | undefined;
  /** Bound of one call to Google, ms; undefined: short enough for a request that waits for it. */
  readonly timeoutMs?: number | undefined;
}

/** The world that premium acts on. */
export interface Connection {
  readonly store: EntitlementStore;
  readonly accounts: Accounts;
  readonly mirror: Mirror | undefined;
  /** Ends the connections, which otherwise keep a process alive. */
  close(): Promise<void>;
}

/**
 * Connects to a real project (Application Default Credentials), or to the emulators that
 * `FIRESTORE_EMULATOR_HOST` and `FIREBASE_AUTH_EMULATOR_HOST` name.
 */
export async function connect(project: PremiumProject): Promise<Connection> {
  const { projectId, databaseUrl, timeoutMs } = project;
  // An app of its own, so that code beside this may use the default app as it likes.
  const app = initializeApp(
    {
      credential: applicationDefault(),
      ...(projectId !== undefined && { projectId }),
      ...(databaseUrl !== undefined && { databaseURL: databaseUrl }),
    },
    `tiki-premium-${randomUUID()}`,
  );
  return {
    store: createStore(getFirestore(app), { clock: systemClock, random: Math.random, timeoutMs }),
    accounts: createAccounts(getAuth(app), timeoutMs),
    mirror:
      databaseUrl === undefined
        ? undefined
        : createMirror((await import('firebase-admin/database')).getDatabase(app), timeoutMs),
    close: () => deleteApp(app),
  };
}
