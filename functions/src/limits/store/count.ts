import * as z from 'zod';
import { deadlineIn, type Clock, TimeUp, within } from '../../clock';
import type { KeptToken } from '../../google/kept-token';
import type { HttpClient } from '../../upstream/http-client';
import { StoreRefusal, StoreUnreachable } from './store-failure';

/** The collection, and with it the collection group of its TTL policy. */
const COLLECTION = 'rateLimits';
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Adds `points` to the count in a document and resolves to the result. A document that does not
 * exist yet counts from 0; after `expiresAt` (epoch ms) it may be deleted.
 *
 * @throws StoreRefusal, StoreUnreachable, TimeUp, or what obtaining credentials throws.
 */
export type Count = (id: string, points: number, expiresAt: number) => Promise<number>;

export interface CountSettings {
  /** Of Firestore's REST API: Google's, or an emulator's. */
  readonly origin: string;
  readonly projectId: string;
  /** Runs a call with an access token of this project, or with the emulator's `owner` token. */
  readonly withToken: KeptToken['use'];
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Milliseconds for everything, the token included. */
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

const isRefusedToken = (error: unknown): boolean =>
  error instanceof StoreRefusal && error.status === 401;

/**
 * Counts in Firestore with one write and no read. A commit may increment a field and returns the
 * result, so that two callers never see the same count; nothing is locked or retried.
 *
 * By REST: firebase-admin does not hand on that result, so with it this would take a transaction of
 * three round trips. Its lower-level client would, but takes a quarter of a second to load, most of
 * the time that a login may wait for a count.
 *
 * @see https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.documents/commit
 */
export function countInFirestore(settings: CountSettings): Count {
  const { origin, projectId, withToken, http, clock, timeoutMs } = settings;
  const documents = `projects/${projectId}/databases/(default)/documents`;

  async function commit(write: object, token: string, leftMs: number): Promise<number> {
    // The token came too late.
    if (leftMs < 1) throw new TimeUp(timeoutMs);
    const sent = await http.send({
      method: 'POST',
      url: `${origin}/v1/${documents}:commit`,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ writes: [write] }),
      timeoutMs: Math.floor(leftMs),
      maxBytes: MAX_ANSWER_BYTES,
    });
    switch (sent.kind) {
      case 'no-answer':
        throw new TimeUp(timeoutMs);
      case 'no-connection':
        throw new StoreUnreachable(sent.errno);
      case 'wrong-shape':
        throw new Error("Firestore's answer cannot be read");
      case 'answer': {
        const { status, body } = sent.data;
        if (status !== 200) throw new StoreRefusal(status, body.toString('utf8'));
        const [{ transformResults }] = committed.parse(
          JSON.parse(body.toString('utf8')),
        ).writeResults;
        return transformResults[0].integerValue;
      }
    }
  }

  return (id, points, expiresAt) => {
    const write = {
      update: {
        name: `${documents}/${COLLECTION}/${id}`,
        fields: { expiresAt: { timestampValue: new Date(expiresAt).toISOString() } },
      },
      // Only these fields are replaced: the count stays.
      updateMask: { fieldPaths: ['expiresAt'] },
      updateTransforms: [{ fieldPath: 'count', increment: { integerValue: String(points) } }],
    };
    const deadline = deadlineIn(timeoutMs, clock);
    return within(
      timeoutMs,
      withToken((token) => commit(write, token, deadline()), isRefusedToken),
    );
  };
}
