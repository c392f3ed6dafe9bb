import { type Connection } from '../connection';
import { merge } from '../merge';
import { type Commit, createWriter, type Write, type Writer } from './write';

/** Writes that are done together or not at all, and only as the user who was there when it began. */
export interface WriteBatch extends Writer<WriteBatch> {
  /** Once for each batch. */
  readonly commit: () => Promise<void>;
}

export function createBatch(connection: Connection, commit: Commit): WriteBatch {
  const writes: Write[] = [];
  // Another user's session must not write it.
  const { user } = connection.session();
  let isSent: boolean | undefined;
  const refuseSent = () => {
    if (isSent) connection.failWith('failed-precondition', { detail: 'batch' });
  };
  const batch: WriteBatch = merge(
    {
      commit: () =>
        commit(() => {
          refuseSent();
          isSent = true;
          return writes;
        }, user),
    },
    createWriter<WriteBatch>(connection, (prepare) => {
      refuseSent();
      writes.push(prepare());
      return batch;
    }),
  );
  return batch;
}
