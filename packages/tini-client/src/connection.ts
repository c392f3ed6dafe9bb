import { type Auth } from './auth/auth';
import { type Context } from './runtime/context';
import { type Storage } from './runtime/storage';

/**
 * The state of the client that its other entries, such as Firestore, work with. They have it from
 * here only. Not for apps: its members change with any release.
 */
export interface Connection extends Context, Auth {
  /** The last results of Firestore's listeners, with the `uid` of their user. */
  readonly listenerCache: Storage;
}
