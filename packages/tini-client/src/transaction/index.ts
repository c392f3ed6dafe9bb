// The public API of 'tiki-firebase-client/transaction'.
import { type TikiFirebaseError } from '../errors';
import { asUser } from '../firestore/as-user';
import { type Firestore } from '../firestore/firestore';
import { documentName } from '../firestore/names';
import { getAll } from '../firestore/read';
import { refuse } from '../firestore/refuse';
import { type Snapshot } from '../firestore/types';
import { type FirestoreData } from '../firestore/values';
import { createWriter, type Write, type Writer } from '../firestore/write';
import { merge } from '../merge';
import { type Fields } from '../runtime/answer';

/** Whether it depends on a document that was there. */
const wasRead = ({ currentDocument }: Write) => !!(currentDocument && currentDocument.updateTime);

export interface Transaction extends Writer<Transaction> {
  /** Null if the document does not exist. All reads come before the first write. */
  readonly get: <T = FirestoreData>(path: string) => Promise<Snapshot<T> | null>;
}

const ATTEMPTS = 5;
const PAUSE_MS = 300;

/** How Firestore refuses a write because a document has changed since it was read. */
const CHANGED = /^(aborted|already-exists|failed-precondition|not-found)$/;

/** Firestore's condition that a document is as it was read. */
const unchanged = (document: unknown): NonNullable<Write['currentDocument']> =>
  document ? { updateTime: (document as Fields)['updateTime'] as string } : { exists: false };

/**
 * Reads and writes documents so that nobody else's writes come between. Optimistic, as in Firebase's
 * own SDK: nothing is locked, and the writes are done only if all documents are as they were read.
 * Otherwise `run` is called again, five times at most; then the code is `aborted`. If the answer to
 * the writes is lost, the code is that of the connection, and they may have been done. If another
 * user logs in meanwhile, nothing is written: `user-changed`.
 */
export async function runTransaction<T>(
  { source }: Firestore,
  run: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const { decode, commit } = source;
  const user = await source.connection.user();
  const connection = asUser(source.connection, user);
  for (let attempt = 1; ; attempt++) {
    const reads = new Map<string, Promise<unknown>>();
    /** In the order of the calls: what was read may still be on its way. */
    const writes: (() => Promise<Write>)[] = [];
    const written = new Set<string>();

    const transaction: Transaction = merge(
      createWriter<Transaction>(connection, (prepare, path) => {
        const write = prepare();
        // Later writes of a document come after the first, which has changed it.
        const read = written.has(path) ? undefined : reads.get(path);
        written.add(path);
        writes.push(async () => {
          const document = await read;
          if (!read) return write;
          // Only updates expect a document.
          if (!document && write.currentDocument)
            connection.failWith('not-found', { detail: path });
          return merge(write, { currentDocument: unchanged(document) });
        });
        return transaction;
      }),
      {
        async get<D>(path: string) {
          if (writes.length) refuse(connection, 'get');
          const read = reads.get(path) || getAll(connection, [path]).then(([found]) => found);
          reads.set(path, read);
          const document = await read;
          // The type that the app expects.
          return document ? (decode(document) as unknown as Snapshot<D>) : null;
        },
      },
    );
    const result = await run(transaction);
    reads.forEach((read, path) => {
      const verify = documentName(connection, path);
      if (!written.has(path)) {
        writes.push(async () => ({ verify, currentDocument: unchanged(await read) }));
      }
    });
    const all = await Promise.all(writes.map((write) => write()));
    try {
      // Repeated, they would meet their own change and be taken for somebody else's.
      await commit(() => all, user, true);
      return result;
    } catch (error) {
      const { code } = error as TikiFirebaseError;
      // An update of a document that was not read, and is not there the next time either.
      const isAbsent = code === 'not-found' && !all.some(wasRead);
      if (isAbsent || !CHANGED.test(code)) throw error;
      if (attempt === ATTEMPTS) connection.failWith('aborted', { detail: 'runTransaction' });
    }
    const pause = PAUSE_MS * attempt * (1 + connection.random());
    await new Promise<void>((resolve) => connection.setTimeout(resolve, pause));
  }
}
