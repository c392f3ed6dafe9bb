import { type Connection } from '../connection';
import { type ErrorCode, type TikiFirebaseError } from '../errors';
import { merge } from '../merge';
import { type Fields, fieldsOf } from '../runtime/answer';
import { appCheck } from './app-check';
import { documentsRoot } from './names';

/** A path under the documents root, or `:` and a method; a POST if there is data. */
export type Call = readonly [path: string, data?: object];

/** Turns JavaScript's own exceptions, such as a TypeError, into `code`. */
function guarded<T>({ failWith }: Connection, code: ErrorCode, run: () => T): T {
  try {
    return run();
  } catch (error) {
    // A TikiFirebaseError has extras.
    if ((error as Partial<TikiFirebaseError>).extras) throw error;
    return failWith(code, { detail: String(error) });
  }
}

/**
 * Calls Firestore and retries on network failures. `prepare` builds the request from the app's
 * arguments, `read` parses the response.
 */
export async function call<T>(
  connection: Connection,
  prepare: () => Call,
  read: (answer: Fields) => T,
): Promise<T> {
  const { baseUrl, authorised, withRetry, send, dataOf } = connection;
  const [path, data] = guarded(connection, 'invalid-argument', prepare);
  const root = `${baseUrl}/firestore/v1/${documentsRoot(connection)}`;
  // A method follows the root after a colon instead of a slash.
  const url = path[0] === ':' ? root.slice(0, -1) + path : root + path;
  const answer = await authorised((authorisation, session) => {
    const headers = merge(authorisation, appCheck(session, connection.now()));
    const request = merge({ url, headers }, data && { data, method: 'POST' });
    return withRetry(connection, () => send(connection, request));
  });
  const body = dataOf(connection, answer);
  // Streaming methods return a list, where an error after the start cannot change the status.
  const items: readonly unknown[] = Array.isArray(body) ? body : [];
  const failed = items.find((item) => fieldsOf(item)['error']);
  if (failed) dataOf(connection, merge(answer, { status: 500, data: failed }));
  return guarded(connection, 'bad-response', () => read(body));
}
