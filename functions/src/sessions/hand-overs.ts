import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DocumentSnapshot } from 'firebase-admin/firestore';
import * as z from 'zod';
import type { Clock, Deadline } from '../clock';
import { isLostRace } from '../google/error-code';
import type { FirestoreCall } from './firestore-call';
import type { KeyRing, SessionKey } from './key-ring';

/** The collection; no security rule opens it. */
const COLLECTION = 'handOvers';
/** How long a code can be traded. */
export const CODE_SECONDS = 60;

/** Who hands over to which page. */
export interface HandOver {
  readonly uid: string;
  /** SHA-256, base64url, of the verifier that the page keeps to itself. */
  readonly challenge: string;
  /** Of the page. */
  readonly origin: string;
}

/** What a page has to show to be given the user's session. */
export interface Proof {
  readonly code: string;
  readonly verifier: string;
  readonly origin: string;
}

/** One-time codes. All calls throw a `Problem` if Firestore does not answer. */
export interface HandOvers {
  /** Makes a code: 32 random bytes, base64url. */
  readonly begin: (handOver: HandOver, deadline: Deadline) => Promise<string>;
  /**
   * Spends a code. A proof that fails does not spend it, since whoever reads a code could otherwise
   * stop the page that it was made for.
   *
   * @returns The uid. Undefined for a code that is unknown, used or expired, or was made for another
   *   verifier or origin.
   */
  readonly finish: (proof: Proof, deadline: Deadline) => Promise<string | undefined>;
}

export interface HandOverSettings {
  readonly ring: KeyRing;
  readonly call: FirestoreCall;
  readonly clock: Pick<Clock, 'now'>;
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const documentSchema = z.object({
  uid: z.string(),
  challenge: z.string(),
  origin: z.string(),
  mac: z.string(),
  expiresAt: z.custom<{ toMillis(): number }>(
    (value) => typeof Reflect.get(Object(value) as object, 'toMillis') === 'function',
  ),
});

/**
 * Proves that the bridge has written a document. Where an app's security rules are open, as Firestore's
 * test mode is, anyone could otherwise write one and be handed over as any user.
 */
function macOf(
  id: string,
  { uid, challenge, origin }: HandOver,
  expiresAtMs: number,
  { handOver }: SessionKey,
): string {
  const text = JSON.stringify([id, uid, challenge, origin, expiresAtMs]);
  return createHmac('sha256', handOver).update(text).digest('base64url');
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whose code it is, if the proof fits. */
function ownerOf(
  snapshot: DocumentSnapshot,
  { verifier, origin }: Proof,
  nowMs: number,
  ring: KeyRing,
): string | undefined {
  const stored = documentSchema.safeParse(snapshot.data()).data;
  const expiresAtMs = stored?.expiresAt.toMillis() ?? 0;
  if (!stored || expiresAtMs <= nowMs || stored.origin !== origin) return undefined;
  const isOurs = ring.some((key) =>
    isSame(stored.mac, macOf(snapshot.id, stored, expiresAtMs, key)),
  );
  return isOurs && isSame(stored.challenge, hashOf(verifier)) ? stored.uid : undefined;
}

/**
 * Deletes a code if it is still there: of many requests at the same moment, Firestore lets one do so.
 * `runTransaction` would be as safe, but locks: requests that hold the same code, as an attacker can
 * send, would make each other wait until all of them have failed.
 */
async function isSpentNow({ ref, updateTime }: DocumentSnapshot): Promise<boolean> {
  if (!updateTime) return false;
  try {
    await ref.delete({ lastUpdateTime: updateTime });
    return true;
  } catch (error) {
    // Another request has spent it.
    if (isLostRace(error)) return false;
    throw error;
  }
}

/**
 * Hand-over codes in Firestore. Only a code's hash is stored, so that whoever can read the database
 * has no code. `expiresAt` is a TTL field: what was never traded disappears within a day.
 */
export function createHandOvers({ ring, call, clock }: HandOverSettings): HandOvers {
  return {
    begin: (handOver, deadline) =>
      call(deadline, async (firestore) => {
        const code = randomBytes(32).toString('base64url');
        const id = hashOf(code);
        const expiresAtMs = clock.now() + CODE_SECONDS * 1_000;
        const mac = macOf(id, handOver, expiresAtMs, ring[0]);
        const document = firestore.collection(COLLECTION).doc(id);
        await document.create({ ...handOver, expiresAt: new Date(expiresAtMs), mac });
        return code;
      }),
    finish: (proof, deadline) =>
      call(deadline, async (firestore) => {
        const snapshot = await firestore.collection(COLLECTION).doc(hashOf(proof.code)).get();
        const uid = ownerOf(snapshot, proof, clock.now(), ring);
        return uid !== undefined && (await isSpentNow(snapshot)) ? uid : undefined;
      }),
  };
}
