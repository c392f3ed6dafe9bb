import { createHash } from 'node:crypto';
import type { Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import * as z from 'zod';
import type { Device } from './delivery';

/** FCM deletes the tokens of Android apps that were not used for 270 days. */
export const STALE_MS = 270 * 86_400_000;

/** firestore.rules lets an owner write these ids and no others, which bounds how many devices there are. */
const DEVICE_PATH = /^users\/[^/]+\/devices\/\d$/;
/**
 * Documents that are looked at for one token. More are an attack: owners may write collections named
 * `devices` further below, too, which the same query finds.
 */
const MAX_DOCUMENTS = 100;

/**
 * FCM's tokens are far shorter. Firestore refuses to look for a value of more than 1,500 bytes, so one
 * that a client made up would fail every delivery to its user.
 */
const MAX_TOKEN_BYTES = 1_024;

const stored = z.object({
  token: z
    .string()
    .min(1)
    .refine((token) => Buffer.byteLength(token) <= MAX_TOKEN_BYTES),
  platform: z.enum(['android', 'ios', 'web']),
  language: z.enum(['en', 'vi']),
});

/** A device with its document. */
export interface Registered extends Device {
  readonly document: QueryDocumentSnapshot;
}

/** Hexadecimal, so that it can be part of a field's path. */
const keyOf = (token: string): string =>
  createHash('sha256').update(token).digest('hex').slice(0, 32);

export const isDevice = ({ ref }: QueryDocumentSnapshot): boolean => DEVICE_PATH.test(ref.path);

/** Deletes a registration, unless the device has registered again since. */
export async function forget({ ref, updateTime }: QueryDocumentSnapshot): Promise<void> {
  try {
    await ref.delete({ lastUpdateTime: updateTime });
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    // NOT_FOUND, FAILED_PRECONDITION
    if (code !== 5 && code !== 9) throw error;
  }
}

/**
 * The path of a token's latest registration, by the time at which Firestore wrote it, which no client
 * can choose. Undefined where that cannot be told.
 */
async function latestOf(firestore: Firestore, token: string): Promise<string | undefined> {
  const { docs } = await firestore
    .collectionGroup('devices')
    .where('token', '==', token)
    .limit(MAX_DOCUMENTS + 1)
    .get();
  // The latest may be beyond them.
  if (docs.length > MAX_DOCUMENTS) return undefined;
  let latest: QueryDocumentSnapshot | undefined;
  for (const document of docs.filter(isDevice)) {
    // Strings that sort like the times, to the nanosecond.
    if (!latest || document.updateTime.valueOf() > latest.updateTime.valueOf()) latest = document;
  }
  return latest?.ref.path;
}

/**
 * The devices of a user. A token that was registered for somebody else since belongs to that user: the
 * phone or browser has changed hands, and must not show the former user's notifications. Such a
 * registration is deleted.
 */
export async function devicesOf(firestore: Firestore, uid: string): Promise<Registered[]> {
  const { docs } = await firestore.collection(`users/${uid}/devices`).limit(20).get();
  const all = docs.filter(isDevice).flatMap((document) => {
    const { data } = stored.safeParse(document.data());
    return data ? [{ ...data, key: keyOf(data.token), document }] : [];
  });
  const tokens = [...new Set(all.map(({ token }) => token))];
  const latest = new Map(
    await Promise.all(
      tokens.map(async (token) => [token, await latestOf(firestore, token)] as const),
    ),
  );
  const isLatest = ({ token, document }: Registered) => latest.get(token) === document.ref.path;
  const moved = all.filter((it) => latest.get(it.token) !== undefined && !isLatest(it));
  await Promise.all(moved.map(({ document }) => forget(document)));
  return all.filter(isLatest);
}
