import { type Auth } from './auth/auth';
import { merge } from './merge';
import { type Context } from './runtime/context';
import { dataOf } from './runtime/data-of';
import { send } from './runtime/http';
import { withRetry } from './runtime/retry';

/**
 * The state of the client that its other entries, such as Firestore, work with. They have it from
 * here only. Not for apps: its members change with any release.
 */
export interface Connection extends Context, Auth {
  readonly send: typeof send;
  readonly withRetry: typeof withRetry;
  readonly dataOf: typeof dataOf;
}

export function createConnection(context: Context, auth: Auth): Connection {
  return merge(context, auth, { send, withRetry, dataOf });
}
