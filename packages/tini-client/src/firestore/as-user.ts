import { type User } from '../auth/session';
import { type Connection } from '../connection';
import { merge } from '../merge';

/** The connection for this user only: calls fail with `user-changed` once there is another. */
export function asUser(connection: Connection, user: User | undefined): Connection {
  const authorised: Connection['authorised'] = (run) => connection.authorised(run, user);
  return merge(connection, { authorised });
}
