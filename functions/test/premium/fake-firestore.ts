import { Timestamp, type Firestore } from 'firebase-admin/firestore';
import { AUDIT } from '../../src/premium/audit';

interface Saved {
  readonly content: unknown;
  readonly updateTime: Timestamp;
}

/** An error like those of Firestore's client, with the gRPC status in `code`. */
export const grpcError = (code: number) => Object.assign(new Error(`${code} from gRPC`), { code });

type Write = 'create' | 'update' | 'delete';

/** A document of the audit trail, or the one of a user. */
type Reference = { readonly audit: true } | { readonly uid: string };

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
    /** The audit trail. */
    audit: [] as unknown[],
    /** Runs before each call; may throw or wait. */
    before: ((): unknown => undefined) as (call: 'get' | Write | 'query') => unknown,
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
    uid,
    get: async () => {
      await fake.before('get');
      return snapshot(uid);
    },
  });

  /** One batch: all of it or nothing. Writes one user's document, and perhaps to the audit trail. */
  function batch() {
    let write: { kind: Write; uid: string; content?: unknown; seen?: Timestamp } | undefined;
    const entries: unknown[] = [];
    return {
      create: (document: Reference, content: unknown) => {
        if ('audit' in document) entries.push(content);
        else write = { kind: 'create', uid: document.uid, content };
      },
      update: (
        { uid }: { readonly uid: string },
        content: object,
        { lastUpdateTime: seen }: { readonly lastUpdateTime: Timestamp },
      ) => {
        write = { kind: 'update', uid, content, seen };
      },
      delete: (
        { uid }: { readonly uid: string },
        { lastUpdateTime: seen }: { readonly lastUpdateTime: Timestamp },
      ) => {
        write = { kind: 'delete', uid, seen };
      },
      commit: async () => {
        if (!write) throw new Error('an empty batch');
        const { kind, uid, content, seen } = write;
        await fake.before(kind);
        const updateTime = saved.get(uid)?.updateTime;
        if (kind === 'create' && updateTime) throw grpcError(6);
        if (kind !== 'create' && !(seen && updateTime?.isEqual(seen))) throw grpcError(9);
        if (kind === 'delete') saved.delete(uid);
        else fake.put(uid, content);
        fake.writes.push(`${kind} ${uid}`);
        fake.audit.push(...entries);
        await fake.after();
      },
    };
  }

  const query = (after: string, size: number) => ({
    limit: (wanted: number) => query(after, wanted),
    startAfter: (uid: string) => query(uid, size),
    get: async () => {
      await fake.before('query');
      const uids = [...saved.keys()].sort().filter((uid) => uid > after);
      return { readTime: tick(), docs: uids.slice(0, size).map(snapshot) };
    },
  });
  const firestore = {
    batch,
    collection: (name: string) =>
      name === AUDIT
        ? { doc: (): Reference => ({ audit: true }) }
        : { doc, orderBy: () => query('', Infinity) },
  };
  // The store calls nothing else; the emulator tests use the real one.
  return Object.assign(fake, { firestore: firestore as unknown as Firestore });
}
