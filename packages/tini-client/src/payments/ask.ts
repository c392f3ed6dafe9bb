import { type User } from '../auth/session';
import { type Connection } from '../connection';
import { merge } from '../merge';
import { type Answer, type Fields } from '../runtime/answer';
import { dataOf } from '../runtime/data-of';
import { type HttpRequest, send } from '../runtime/http';

/** What the answer's JSON says; `bad-response` if `parse` throws. */
export function read<T>(connection: Connection, answer: Answer, parse: (body: Fields) => T): T {
  const body = dataOf(connection, answer);
  try {
    return parse(body);
  } catch (error) {
    const { status } = answer;
    return connection.failWith('bad-response', { status, body, detail: String(error) });
  }
}

/** One call to the bridge's payments, as this user only. `url` is a path. */
export async function ask<T>(
  connection: Connection,
  user: User,
  request: HttpRequest,
  parse: (body: Fields) => T,
): Promise<T> {
  const url = connection.baseUrl + request.url;
  const answer = await connection.authorised(
    (authorisation) =>
      send(connection, merge(request, { url, headers: merge(request.headers, authorisation) })),
    user,
  );
  return read(connection, answer, parse);
}
