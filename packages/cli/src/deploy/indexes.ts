import { z } from 'zod';
import type { GoogleApi } from '../doctor/google/api';
import { dataOf, GoogleRefused } from './run-services';
import type { DeployWorld } from './world';

const indexesSchema = z.object({
  indexes: z.array(z.object({ name: z.string(), state: z.string() })).default([]),
});

const POLLS = 60;
const POLL_MS = 10_000;

/**
 * Waits until Firestore has built its composite indexes: until then it refuses the queries that need
 * them. The Firebase CLI returns as soon as they are being built, which takes hours for big collections.
 *
 * @see https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.collectionGroups.indexes/list
 * @throws GoogleRefused also if they are not built within ten minutes
 */
export async function waitForIndexes(
  world: DeployWorld,
  google: GoogleApi,
  projectId: string,
): Promise<void> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const answer = await google.get(
      // "-" stands for all collections, as in the Firebase CLI's own request.
      `https://firestore.googleapis.com/v1/projects/${projectId}/databases/(default)/collectionGroups/-/indexes`,
      indexesSchema,
    );
    // The indexes of firebase.json may be those of another database only.
    if (answer.kind === 'not-found') return;
    const { indexes } = dataOf(answer, 'The indexes of Firestore cannot be read');
    if (!indexes.some(({ state }) => state === 'CREATING')) return;
    if (poll === 0) world.say('Waiting until Firestore has built its indexes …');
    await world.wait(POLL_MS);
  }
  throw new GoogleRefused(
    'Firestore is still building indexes after ten minutes; until then, queries that need them fail. ' +
      'Repeat the command later, or deploy the rest without waiting: --only functions,hosting,storage,database',
  );
}
