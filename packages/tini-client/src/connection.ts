import { type Auth } from './auth/auth';
import { merge } from './merge';
import { type Context } from './runtime/context';
import { dataOf } from './runtime/data-of';
import { send } from './runtime/http';
import { withRetry } from './runtime/retry';

/** What the client shares with its Firestore part, which is a file of its own. Not for apps. */
export function createConnection(context: Context, auth: Auth) {
  return merge(context, auth, { send, withRetry, dataOf });
}

export type Connection = ReturnType<typeof createConnection>;
