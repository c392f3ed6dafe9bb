import { type Connection } from '../connection';
import { type ErrorCode, type TikiFirebaseError } from '../errors';
import { merge } from '../merge';
import { type Fields, fieldsOf } from '../runtime/answer';
import { appCheck } from './app-check';
import { documentsRoot } from './names';

/** A path below the root of the documents, or `:` and a method; sent by POST if there is data. */
export type Call = readonly [path: string, data?: object];

/** What JavaScript itself throws at what it is given, a TypeError for instance, becomes `code`. */
function guarded<T>({ failWith }: Connection, code: ErrorCode, run: () => T): T {
  try {
    return run();
  } catch (error) {
    // Ours has extras.
    if ((error as Partial<TikiFirebaseError>).extras) throw error;
    return failWith(code, { detail: String(error) });
  }
}

/**
 * Asks Firestore, and again when the network fails: `prepare` what to ask for, out of the app's
 * arguments, and `read` the answer.
 */
export async function call<T>(
  connection: Connection,
  prepare: () => Call,
  read: (answer: Fields) => T,
): Promise<T> {
  const { baseUrl, authorised, withRetry, send, dataOf } = connection;
  const [path, data] = guarded(connection, 'invalid-argument', prepare);
  const root = `${baseUrl}/firestore/v1/${documentsRoot(connection)}`;
  // In front of a method stands a colon instead of the slash.
  const url = path[0] === ':' ? root.slice(0, -1) + path : root + path;
  const answer = await authorised((authorisation, session) => {
    const headers = merge(authorisation, appCheck(session, connection.now()));
    const request = merge({ url, headers }, data && { data, method: 'POST' });
    return withRetry(connection, () => send(connection, request));
  });
  const body = dataOf(connection, answer);
  // A list where the method streams: what began well can no longer say otherwise by its status.
  const items: readonly unknown[] = Array.isArray(body) ? body : [];
  const failed = items.find((item) => fieldsOf(item)['error']);
  if (failed) dataOf(connection, merge(answer, { status: 500, data: failed }));
  return guarded(connection, 'bad-response', () => read(body));
}
