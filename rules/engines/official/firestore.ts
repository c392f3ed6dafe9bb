import type { RulesTestContext } from '@firebase/rules-unit-testing';
import type { Case } from '../../case';
import type { Fields, World } from '../../world';
import type { OfficialService } from './service';

type Firestore = ReturnType<RulesTestContext['firestore']>;
type Query = Pick<ReturnType<Firestore['collection']>, 'get' | 'where'>;

export interface FirestoreRequest extends Pick<Case, 'operation' | 'path' | 'data'> {
  /** The `==` filters of a list. */
  readonly where?: Fields | undefined;
}

/** Sends a request like a client; rejects if the rules deny it. */
export function askFirestore(client: RulesTestContext, asked: FirestoreRequest): Promise<unknown> {
  const { operation, path, where = {}, data } = asked;
  const database = client.firestore();
  switch (operation) {
    case 'get':
      return database.doc(path).get();
    case 'list':
      return Object.entries(where)
        .reduce<Query>(
          (query, [field, value]) => query.where(field, '==', value),
          database.collection(path),
        )
        .get();
    case 'delete':
      return database.doc(path).delete();
    default:
      // Rows that write a document have its fields as data.
      return database.doc(path).set(data as Fields);
  }
}

/** Restores Firestore's documents, which Storage rules read too. */
export async function restoreDocuments(
  server: RulesTestContext,
  { documents }: World,
  paths: readonly string[] = Object.keys(documents),
): Promise<void> {
  const database = server.firestore();
  const batch = database.batch();
  for (const path of paths) {
    const fields = documents[path];
    if (fields) batch.set(database.doc(path), fields);
    else batch.delete(database.doc(path));
  }
  await batch.commit();
}

export const firestore: OfficialService = {
  ask: askFirestore,
  restore: (server, world, path) =>
    restoreDocuments(server, world, path === undefined ? undefined : [path]),
};
