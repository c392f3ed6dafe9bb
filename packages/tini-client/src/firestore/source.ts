import { type Connection } from '../connection';
import { type Call, type call } from './call';
import { type decodeValue } from './decode';
import { type runQueryCall } from './query';
import { type getAll } from './read';
import { type withData } from './snapshots';
import { type Snapshot } from './types';
import { type Commit, type createWriter } from './write';

/**
 * What the entries that build on Firestore, each a file of its own, use of this one. Not for apps: it
 * changes with any release.
 */
export interface Source<Model> {
  readonly connection: Connection;
  /** Called after each write of this client. */
  readonly afterWrite: Set<() => void>;
  readonly commit: Commit;
  /** Reads a document in Firestore's format. */
  readonly decode: (document: unknown) => Snapshot<Model>;
  readonly call: typeof call;
  readonly createWriter: typeof createWriter;
  readonly decodeValue: typeof decodeValue;
  readonly getAll: typeof getAll;
  /** The documents in Firestore's format. */
  readonly runQuery: (target: Call) => Promise<readonly unknown[]>;
  readonly runQueryCall: typeof runQueryCall;
  readonly withData: typeof withData;
}
