import type { getDatabase } from 'firebase-admin/database';
import { within } from '../clock';
import type { Contents } from './kept';
import { plain } from './plain';

/** One call, ms. Without a connection the client would wait for ever. */
const CALL_MS = 30_000;

/** The nodes of users in the Realtime Database. */
export interface UserNodes {
  /** `users/<uid>` and the mirror of premium, by their paths. */
  readonly read: (uid: string) => Promise<Contents>;
  /** Without the mirror, which goes with the entitlement. */
  readonly remove: (uid: string) => Promise<void>;
}

export function userNodes(database: ReturnType<typeof getDatabase>): UserNodes {
  const valueAt = async (path: string) =>
    plain((await within(CALL_MS, database.ref(path).get())).val());
  return {
    read: async (uid) => {
      const paths = [`users/${uid}`, `entitlements/${uid}`];
      const values = await Promise.all(paths.map(valueAt));
      return Object.fromEntries(
        paths.flatMap((path, index) => (values[index] === null ? [] : [[path, values[index]]])),
      );
    },
    remove: (uid) => within(CALL_MS, database.ref(`users/${uid}`).remove()),
  };
}
