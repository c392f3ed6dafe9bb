import { randomUUID } from 'node:crypto';
import { applicationDefault, deleteApp, initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { getFirestore, type Firestore } from 'firebase-admin/firestore';
import { systemClock } from '../clock';
import { createAccounts, type Accounts } from './accounts';
import type { Actor } from './audit';
import type { CallBounds } from './google-call';
import { createMirror, type Mirror } from './mirror';
import { createStore, type EntitlementStore } from './store';

export interface PremiumProject extends CallBounds {
  /** Undefined: the project of the credentials or of the Functions runtime. */
  readonly projectId?: string | undefined;
  /** The Realtime Database that mirrors premiumUntil; undefined for none. */
  readonly databaseUrl?: string | undefined;
  /** Who changes something, for the audit trail. */
  readonly by: Actor;
}

/** The services that premium reads and writes. */
export interface Connection {
  readonly store: EntitlementStore;
  readonly accounts: Accounts;
  readonly mirror: Mirror | undefined;
  /** For what is stored together with entitlements. */
  readonly firestore: Firestore;
  /** Open connections keep the process alive. */
  close(): Promise<void>;
}

/**
 * Connects to a real project (Application Default Credentials), or to the emulators that
 * `FIRESTORE_EMULATOR_HOST` and `FIREBASE_AUTH_EMULATOR_HOST` name.
 */
export async function connect(project: PremiumProject): Promise<Connection> {
  const { projectId, databaseUrl, by, timeoutMs, onSlow } = project;
  const bounds = { timeoutMs, onSlow };
  // A named app, so that other code can use the default app.
  const app = initializeApp(
    {
      credential: applicationDefault(),
      ...(projectId !== undefined && { projectId }),
      ...(databaseUrl !== undefined && { databaseURL: databaseUrl }),
    },
    `tiki-premium-${randomUUID()}`,
  );
  const firestore = getFirestore(app);
  return {
    firestore,
    store: createStore(firestore, { clock: systemClock, random: Math.random, by, ...bounds }),
    accounts: createAccounts(getAuth(app), bounds),
    mirror:
      databaseUrl === undefined
        ? undefined
        : createMirror((await import('firebase-admin/database')).getDatabase(app), bounds),
    close: () => deleteApp(app),
  };
}
