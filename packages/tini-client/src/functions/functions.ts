import { appCheck } from '../auth/app-check';
import { type Connection } from '../connection';
import { type ErrorCode } from '../errors';
import { merge } from '../merge';
import { mistyped } from '../mistyped';
import { type Answer, type Fields, fieldsOf } from '../runtime/answer';
import { dataOf } from '../runtime/data-of';
import { send } from '../runtime/http';
import { decode, encode } from './values';

/** As Firebase's SDK; Hosting itself waits 60 s. */
const TIMEOUT_MS = 70_000;

/** Segments of letters, digits, `_` and `-`: `addNote`, `shop-order`, `api/addNote`. */
const NAME = /^[\w-]+(\/[\w-]+)*$/;

export interface CallOptions {
  /** Milliseconds; default 70,000. */
  readonly timeout?: number;
}

export interface FirebaseFunctions {
  /**
   * Calls a callable function (`onCall`) as the signed-in user, at `<baseUrl>/<name>`: that path needs
   * a rewrite to the function in your firebase.json.
   *
   * What the function throws as an `HttpsError` rejects with its code; its message is in
   * `extras.detail`, its details are in `extras.details`. A call is sent again only after a 401, with a
   * new token: it may have had its effect, so repeating it is for the app to decide.
   *
   * @returns What the function returned. A whole number beyond 2^53 is its decimal digits, as text.
   */
  readonly call: <Result = unknown>(
    name: string,
    data?: unknown,
    options?: CallOptions,
  ) => Promise<Result>;
}

/** The codes of `HttpsError`, which are those of gRPC, by their names on the wire. */
const CODES: readonly ErrorCode[] = [
  'cancelled',
  'unknown',
  'invalid-argument',
  'deadline-exceeded',
  'not-found',
  'already-exists',
  'permission-denied',
  'unauthenticated',
  'resource-exhausted',
  'failed-precondition',
  'aborted',
  'out-of-range',
  'unimplemented',
  'internal',
  'unavailable',
  'data-loss',
];

const codeOf = (status: string) =>
  CODES.find((code) => code.toUpperCase().replace(/-/g, '_') === status);

/** Throws what the function threw. Any other failure is left to `dataOf`. */
function throwOwn(connection: Connection, { status, data }: Answer): void {
  const body = fieldsOf(data);
  const { status: name, message, details } = fieldsOf(body['error']);
  // Problems of the gateway have both forms; they cannot come from a callable function.
  if (typeof name !== 'string' || typeof body['code'] === 'string') return;
  let decoded: unknown;
  try {
    decoded = decode(details);
  } catch {
    // Details of a later protocol; they are in the body.
  }
  const code = codeOf(name);
  // The runtime may hide the status, so that an error looks like a success.
  if (status < 400 && !code) return;
  // As the SDK takes a status that it does not know.
  connection.failWith(code || 'internal', {
    status,
    body,
    detail: typeof message === 'string' ? message : name,
    details: decoded,
  });
}

function resultOf(connection: Connection, answer: Answer): unknown {
  const { status, data } = answer;
  const body: Fields = fieldsOf(data);
  // Older functions call it `data`.
  const field = ['result', 'data'].find((name) => name in body);
  if (status !== 200 || !field) {
    connection.failWith('bad-response', { status, body });
  }
  try {
    return decode(body[field]);
  } catch (error) {
    return connection.failWith('bad-response', { status, body, detail: String(error) });
  }
}

/** Pass it to createTikiFirebase as `functions`. */
export function functions(connection: Connection): FirebaseFunctions {
  const { baseUrl, authorised, failWith } = connection;
  return {
    async call<Result>(name: string, data?: unknown, options?: CallOptions) {
      const { timeout = TIMEOUT_MS } = options || {};
      const wrong = mistyped({ name, timeout }, { name: 'string', timeout: 'number' }, ['name']);
      if (wrong) failWith('invalid-argument', { detail: wrong });
      if (!NAME.test(name)) failWith('invalid-argument', { detail: name });
      let body: unknown;
      try {
        body = encode(data);
      } catch (error) {
        failWith('invalid-argument', { detail: String(error) });
      }
      const answer = await authorised((authorisation, session) =>
        send(connection, {
          url: `${baseUrl}/${name}`,
          method: 'POST',
          headers: merge(authorisation, appCheck(session, connection.now())),
          data: { data: body },
          timeout,
        }),
      );
      throwOwn(connection, answer);
      if (answer.status >= 400) dataOf(connection, answer);
      // The app knows what its function returns.
      return resultOf(connection, answer) as Result;
    },
  };
}
