import { type Connection } from '../connection';
import { type Snapshot } from './types';
import { type Commit } from './write';

/**
 * The state of a Firestore client that the entries which build on it work with. Not for apps: it
 * changes with any release.
 */
export interface Source<Model> {
  readonly connection: Connection;
  /** Called after each write of this client. */
  readonly afterWrite: Set<() => void>;
  readonly commit: Commit;
  /** Reads a document in Firestore's format. */
  readonly decode: (document: unknown) => Snapshot<Model>;
}
