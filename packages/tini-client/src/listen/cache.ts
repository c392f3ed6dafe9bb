import { type Connection } from '../connection';
import { fieldsOf } from '../runtime/answer';
import { CACHE_KEY, createStorage } from '../runtime/storage';

/** `my` storage has a few megabytes, for everything that an app stores. */
const MOST_CHARACTERS = 100_000;

/** Documents in Firestore's format by what was listened to. */
type Entry = readonly [key: string, documents: readonly unknown[]];

/** The last results of listeners in `my` storage, for one user. */
export interface Cache {
  /** Undefined if there is none of this user. */
  readonly load: (uid: string, key: string) => Promise<readonly unknown[] | undefined>;
  readonly save: (uid: string, key: string, documents: readonly unknown[]) => void;
  readonly clear: () => void;
}

/** Stored like the session. A failure only means that nothing is cached. */
export function createCache(connection: Connection): Cache {
  const storage = createStorage(connection, CACHE_KEY + connection.projectId);
  /** Whose the entries are. */
  let owner = '';
  /** From the oldest to the newest. */
  let entries: Promise<readonly Entry[]> | undefined;

  async function read(uid: string): Promise<readonly Entry[]> {
    const stored = fieldsOf(await storage.load());
    // Written below.
    if (stored['uid'] === uid) return stored['entries'] as readonly Entry[];
    if (stored['uid']) void storage.save();
    return [];
  }

  function entriesOf(uid: string): Promise<readonly Entry[]> {
    if (!entries || owner !== uid) {
      owner = uid;
      entries = read(uid);
    }
    return entries;
  }

  return {
    load: async (uid, wanted) => {
      const found = (await entriesOf(uid)).find(([name]) => name === wanted);
      return found && found[1];
    },
    save(uid, name, documents) {
      entries = entriesOf(uid).then((before) => {
        // Cleared meanwhile, or another user's.
        if (owner !== uid) return before;
        let kept = before.filter(([other]) => other !== name).concat([[name, documents]]);
        while (JSON.stringify(kept).length > MOST_CHARACTERS) kept = kept.slice(1);
        void storage.save({ uid, entries: kept });
        return kept;
      });
    },
    clear() {
      owner = '';
      entries = undefined;
      void storage.save();
    },
  };
}
