import { appCheck } from '../auth/app-check';
import { type Connection } from '../connection';
import { type ErrorCode, type TikiFirebaseError } from '../errors';
import { merge } from '../merge';
import { type Answer, type Fields, fieldsOf } from '../runtime/answer';
import { dataOf } from '../runtime/data-of';
import { send } from '../runtime/http';
import { withRetry } from '../runtime/retry';
import { documentsRoot } from './names';

/**
 * A path under the documents root, or `:` and a method; a POST if there is data. `once`: not repeated
 * if it may have been done.
 */
export type Call = readonly [path: string, data?: object, once?: boolean];

/** Refusals after which nothing was done. */
const NOT_DONE: readonly ErrorCode[] = [
  'aborted',
  'overloaded',
  'rate-limited',
  'resource-exhausted',
];

/** Turns JavaScript's own exceptions, such as a TypeError, into `code`. */
export function guarded<T>({ failWith }: Connection, code: ErrorCode, run: () => T): T {
  try {
    return run();
  } catch (error) {
    // A TikiFirebaseError has extras.
    if ((error as Partial<TikiFirebaseError>).extras) throw error;
    return failWith(code, { detail: String(error) });
  }
}

/** The list of a streaming method; throws if it is none. An empty result has a read time. */
export function listOf(answer: Fields): readonly Fields[] {
  const items = (answer as unknown as readonly unknown[]).map(fieldsOf);
  if (!items.length) throw new Error('[]');
  return items;
}

/** Throws the error of an HTTP response. */
function check(connection: Connection, answer: Answer): void {
  dataOf(connection, answer);
  const { data } = answer;
  // Streaming methods return a list, where an error after the start cannot change the status.
  const items: readonly unknown[] = Array.isArray(data) ? data : [];
  const failed = items.find((item) => fieldsOf(item)['error']);
  if (failed) dataOf(connection, merge(answer, { status: 500, data: failed }));
}

/**
 * Calls Firestore and retries what may pass. `prepare` builds the request from the app's arguments,
 * `read` parses the response: `bad-response` if it throws.
 */
export async function call<T>(
  connection: Connection,
  prepare: () => Call,
  read: (answer: Fields) => T,
): Promise<T> {
  const { gatewayUrl, authorised } = connection;
  const [path, data, once] = guarded(connection, 'invalid-argument', prepare);
  const root = `${gatewayUrl}/firestore/v1/${documentsRoot(connection)}`;
  // A method follows the root after a colon instead of a slash.
  const url = path[0] === ':' ? root.slice(0, -1) + path : root + path;
  const answer = await authorised((authorisation, session) => {
    const headers = merge(authorisation, appCheck(session, connection.now()));
    const request = merge({ url, headers }, data && { data, method: 'POST' });
    return withRetry(
      connection,
      async () => {
        const received = await send(connection, request);
        // A 401 is answered by `authorised`, with a new token.
        if (received.status !== 401) check(connection, received);
        return received;
      },
      once ? NOT_DONE : undefined,
    );
  });
  check(connection, answer);
  return guarded(connection, 'bad-response', () => {
    const { status, data: body } = answer;
    // Firestore answers with 200 and JSON; 204, a page of HTML or an empty body are someone else's.
    if (status !== 200 || typeof body !== 'object' || !body) throw new Error(String(status));
    return read(fieldsOf(body));
  });
}
