import { type Call } from '../firestore/call';
import { fieldsOf } from '../runtime/answer';

/** The path of a document, or the call of a query. */
export type Target = string | Call;

/** Documents in Firestore's format; null for one that does not exist. */
export type Documents = readonly unknown[];

export interface Listener {
  readonly next: (documents: Documents, fromCache: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/** Something that is listened to. */
export interface Watched {
  readonly key: string;
  readonly target: Target;
  /** Each with where its last documents came from; undefined before the first. */
  readonly listeners: Map<Listener, 'cache' | 'server' | undefined>;
  /** The last answer for the current user. */
  documents?: Documents | undefined;
}

/** Asynchronous, so that a listener that throws affects no other. */
const later = (run: () => void) => void Promise.resolve().then(run);

export function give(
  { listeners }: Watched,
  listener: Listener,
  documents: Documents,
  from: 'cache' | 'server',
): void {
  listeners.set(listener, from);
  later(() => {
    // By then it may be unsubscribed, or have a newer answer.
    if (listeners.get(listener) === from) listener.next(documents, from === 'cache');
  });
}

/** Tells one answer from the next. */
const versionOf = (documents: Documents) =>
  documents
    .map(fieldsOf)
    .map(({ name, updateTime }) => `${String(name)} ${String(updateTime)}`)
    .join('\n');

/** Gives an answer to the listeners that do not have it yet. Whether it is another than the last. */
export function settle(entry: Watched, documents: Documents): boolean {
  const last = entry.documents;
  const isChanged = !last || versionOf(documents) !== versionOf(last);
  entry.documents = documents;
  entry.listeners.forEach((from, listener) => {
    if (isChanged || from !== 'server') give(entry, listener, documents, 'server');
  });
  return isChanged;
}

export function end({ listeners }: Watched, error: unknown): void {
  listeners.forEach((_, listener) => {
    later(() => {
      if (listeners.has(listener)) listener.fail(error);
    });
  });
}
