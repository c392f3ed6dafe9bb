import { EntitlementError } from './entitlement-error';
import { type CallBounds, within } from './google-call';

/** The part of firebase-admin's `Database` that is used here. */
export interface DatabaseApi {
  ref(path: string): {
    set(value: number | null): Promise<unknown>;
    get(): Promise<{ val(): unknown }>;
  };
}

/** @throws EntitlementError `mirror-unavailable` */
export interface Mirror {
  /** The stored value, of any type; null if absent. */
  read(uid: string): Promise<unknown>;
  /** Null removes the value. */
  write(uid: string, premiumUntil: number | null): Promise<void>;
}

async function bounded<T>(bounds: CallBounds, work: () => Promise<T>): Promise<T> {
  const name = 'Realtime Database';
  try {
    return await within(bounds, { code: 'mirror-unavailable', name }, work);
  } catch (error) {
    if (error instanceof EntitlementError) throw error;
    throw new EntitlementError('mirror-unavailable', `A ${name} call failed`, error);
  }
}

/**
 * Copies premiumUntil to `entitlements/{uid}/premiumUntil` in Realtime Database. Its rules cannot
 * read Firestore, so rules that must see a refund at once read this node.
 */
export function createMirror(database: DatabaseApi, bounds: CallBounds = {}): Mirror {
  const call = <T>(work: () => Promise<T>) => bounded(bounds, work);
  const node = (uid: string) => database.ref(`entitlements/${uid}/premiumUntil`);
  return {
    read: (uid) => call(async () => (await node(uid).get()).val()),
    write: async (uid, premiumUntil) => {
      await call(() => node(uid).set(premiumUntil));
    },
  };
}
