import axios from 'axios';
import * as z from 'zod';
import type { KeptAliveSockets } from '../../upstream/kept-alive-sockets';
import { within } from '../../upstream/within';
import { StoreRefusal } from './store-failure';

/** The collection, and with it the collection group of its TTL policy. */
const COLLECTION = 'rateLimits';
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Adds `points` to the count in a document and answers what it has come to. A document that is not
 * there yet counts from 0; after `expiresAt` (epoch ms) nobody needs it any more.
 *
 * @throws StoreRefusal, TimeUp, or what the network or the credentials have to say.
 */
export type Count = (id: string, points: number, expiresAt: number) => Promise<number>;

export interface CountSettings {
  /** Of Firestore's REST API: Google's, or an emulator's. */
  readonly origin: string;
  readonly projectId: string;
  /** OAuth access token of this project's, or the emulator's word for its owner. */
  readonly accessToken: () => Promise<string>;
  readonly sockets: KeptAliveSockets;
  /** Milliseconds for the whole of it, the token included. */
  readonly timeoutMs: number;
}

/** Firestore writes 64-bit integers as strings. */
const committed = z.object({
  writeResults: z.tuple([
    z.object({
      transformResults: z.tuple([
        z.object({
          integerValue: z
            .string()
            .regex(/^\d{1,15}$/)
            .transform(Number),
        }),
      ]),
    }),
  ]),
});

/**
 * Counts in Firestore with one write and no read. A commit may increment a field and answers with
 * the result, so that two callers never see the same count; nothing is locked or tried again.
 *
 * By REST, since firebase-admin keeps that answer to itself: with it the same would take a
 * transaction, three round trips that wait for each other. Its lower-level client would give the
 * answer but takes a quarter of a second to load, most of what a login may wait for a count.
 *
 * @see https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.documents/commit
 */
export function countInFirestore(settings: CountSettings): Count {
  const { origin, projectId, accessToken, sockets, timeoutMs } = settings;
  const documents = `projects/${projectId}/databases/(default)/documents`;

  async function commit(write: object, signal: AbortSignal): Promise<number> {
    const authorization = `Bearer ${await accessToken()}`;
    sockets.dropStale();
    const { status, data } = await axios.post<string>(
      `${origin}/v1/${documents}:commit`,
      { writes: [write] },
      {
        headers: { Authorization: authorization },
        httpAgent: sockets.httpAgent,
        httpsAgent: sockets.httpsAgent,
        maxRedirects: 0,
        maxContentLength: MAX_ANSWER_BYTES,
        proxy: false,
        responseType: 'text',
        transformResponse: [(text: unknown) => text],
        validateStatus: () => true,
        signal,
      },
    );
    if (status !== 200) throw new StoreRefusal(status, data);
    const [{ transformResults }] = committed.parse(JSON.parse(data)).writeResults;
    return transformResults[0].integerValue;
  }

  return async (id, points, expiresAt) => {
    const giveUp = new AbortController();
    const write = {
      update: {
        name: `${documents}/${COLLECTION}/${id}`,
        fields: { expiresAt: { timestampValue: new Date(expiresAt).toISOString() } },
      },
      // Named fields only: the count that is there stays.
      updateMask: { fieldPaths: ['expiresAt'] },
      updateTransforms: [{ fieldPath: 'count', increment: { integerValue: String(points) } }],
    };
    try {
      return await within(timeoutMs, commit(write, giveUp.signal));
    } finally {
      giveUp.abort();
    }
  };
}
