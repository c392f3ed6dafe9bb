import { type Connection } from '../connection';
import { fieldsOf, parseJson } from '../runtime/answer';
import { callMy } from '../runtime/call-my';

const TIMEOUT_MS = 5_000;

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

/** In encrypted storage where the runtime has it. A failure only means that nothing is cached. */
export function createCache(connection: Connection): Cache {
  const { my, projectId } = connection;
  const key = `tiki-firebase-listen-${projectId}`;
  const isEncrypted = my.getEncryptedStorage && my.setEncryptedStorage;
  let last: Promise<unknown> = Promise.resolve();
  /** Whose the entries are. */
  let owner = '';
  /** From the oldest to the newest. */
  let entries: Promise<readonly Entry[]> | undefined;

  async function read(uid: string): Promise<readonly Entry[]> {
    const { given } = isEncrypted
      ? await callMy(connection, 'getEncryptedStorage', { key }, TIMEOUT_MS)
      : await callMy(connection, 'getStorage', { key }, TIMEOUT_MS);
    const stored = fieldsOf(parseJson(fieldsOf(given)[isEncrypted ? 'value' : 'data']));
    // Written below.
    if (stored['uid'] === uid) return stored['entries'] as readonly Entry[];
    if (stored['uid']) write('-');
    return [];
  }

  function entriesOf(uid: string): Promise<readonly Entry[]> {
    if (!entries || owner !== uid) {
      owner = uid;
      entries = last.then(() => read(uid));
    }
    return entries;
  }

  /** One after the other, so that an older write cannot end last. */
  function write(text: string): void {
    last = last.then(() =>
      isEncrypted
        ? callMy(connection, 'setEncryptedStorage', { key, value: text }, TIMEOUT_MS)
        : callMy(connection, 'setStorage', { key, data: text }, TIMEOUT_MS),
    );
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
        const text = () => JSON.stringify({ uid, entries: kept });
        while (text().length > MOST_CHARACTERS) kept = kept.slice(1);
        write(text());
        return kept;
      });
    },
    clear() {
      owner = '';
      entries = undefined;
      write('-');
    },
  };
}
