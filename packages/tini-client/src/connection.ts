import { type Auth } from './auth/auth';
import { merge } from './merge';
import { type Context } from './runtime/context';
import { dataOf } from './runtime/data-of';
import { send } from './runtime/http';
import { withRetry } from './runtime/retry';

/**
 * What the client passes to its other entries, such as Firestore. Each entry is a file of its own, and
 * this object is all that they have in common. Not for apps: its members change with any release.
 */
export interface Connection extends Context, Auth {
  readonly send: typeof send;
  readonly withRetry: typeof withRetry;
  readonly dataOf: typeof dataOf;
}

export function createConnection(context: Context, auth: Auth): Connection {
  return merge(context, auth, { send, withRetry, dataOf });
}
