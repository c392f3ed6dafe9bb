import { Timestamp, type Firestore } from 'firebase-admin/firestore';

interface Saved {
  readonly content: unknown;
  readonly updateTime: Timestamp;
}

/** An error like those of Firestore's client, with the gRPC status in `code`. */
export const grpcError = (code: number) => Object.assign(new Error(`${code} from gRPC`), { code });

/**
 * An in-memory implementation of the Firestore calls that the store makes, with their preconditions.
 */
export function fakeFirestore() {
  const saved = new Map<string, Saved>();
  let clock = 1_000;
  const tick = () => Timestamp.fromMillis((clock += 1));
  const fake = {
    saved,
    writes: [] as string[],
    /** Runs before each call; may throw or wait. */
    before: ((): unknown => undefined) as (
      call: 'get' | 'create' | 'update' | 'delete' | 'query',
    ) => unknown,
    /** Runs after a write has taken effect; may throw or wait, like an answer that gets lost. */
    after: ((): unknown => undefined) as () => unknown,
    put: (uid: string, content: unknown) => saved.set(uid, { content, updateTime: tick() }),
  };

  const snapshot = (uid: string) => ({
    id: uid,
    exists: saved.has(uid),
    data: () => saved.get(uid)?.content,
    readTime: tick(),
    updateTime: saved.get(uid)?.updateTime,
  });
  const doc = (uid: string) => ({
    get: async () => {
      await fake.before('get');
      return snapshot(uid);
    },
    create: async (content: unknown) => {
      await fake.before('create');
      if (saved.has(uid)) throw grpcError(6);
      fake.put(uid, content);
      fake.writes.push(`create ${uid}`);
      await fake.after();
    },
    update: async (content: object, { lastUpdateTime }: { lastUpdateTime: Timestamp }) => {
      await fake.before('update');
      if (!saved.get(uid)?.updateTime.isEqual(lastUpdateTime)) throw grpcError(9);
      fake.put(uid, content);
      fake.writes.push(`update ${uid}`);
      await fake.after();
    },
    delete: async ({ lastUpdateTime }: { lastUpdateTime: Timestamp }) => {
      await fake.before('delete');
      if (!saved.get(uid)?.updateTime.isEqual(lastUpdateTime)) throw grpcError(9);
      saved.delete(uid);
      fake.writes.push(`delete ${uid}`);
      await fake.after();
    },
  });
  const query = (after: string, size: number) => ({
    limit: (wanted: number) => query(after, wanted),
    startAfter: (uid: string) => query(uid, size),
    get: async () => {
      await fake.before('query');
      const uids = [...saved.keys()].sort().filter((uid) => uid > after);
      return { readTime: tick(), docs: uids.slice(0, size).map(snapshot) };
    },
  });
  const firestore = { collection: () => ({ doc, orderBy: () => query('', Infinity) }) };
  // The store calls nothing else; the emulator tests use the real one.
  return Object.assign(fake, { firestore: firestore as unknown as Firestore });
}
