import { createHash } from 'node:crypto';
import type { Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import * as z from 'zod';
import type { Device } from './delivery';

/** FCM deletes the tokens of Android apps that were not used for 270 days. */
export const STALE_MS = 270 * 86_400_000;

/** firestore.rules lets an owner write these ids and no others, which bounds how many devices there are. */
const DEVICE_PATH = /^users\/[^/]+\/devices\/\d$/;
/** Registrations of one user's ten tokens. More is an attack, or a copy of the database. */
const MAX_REGISTRATIONS = 100;

const stored = z.object({
  token: z.string().min(1).max(4_096),
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
 * For each token the path of its latest registration, by the time at which Firestore wrote it, which no
 * client can choose.
 */
async function latestOf(
  firestore: Firestore,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { docs } = await firestore
    .collectionGroup('devices')
    .where('token', 'in', tokens)
    .limit(MAX_REGISTRATIONS)
    .get();
  const latest = new Map<string, { readonly path: string; readonly at: string }>();
  for (const document of docs.filter(isDevice)) {
    const token: unknown = document.get('token');
    // A string that sorts like the time, to the nanosecond.
    const at = document.updateTime.valueOf();
    if (typeof token === 'string' && at > (latest.get(token)?.at ?? '')) {
      latest.set(token, { path: document.ref.path, at });
    }
  }
  return new Map([...latest].map(([token, { path }]) => [token, path]));
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
  if (all.length === 0) return [];
  const latest = await latestOf(firestore, [...new Set(all.map(({ token }) => token))]);
  const isLatest = ({ token, document }: Registered) => latest.get(token) === document.ref.path;
  await Promise.all(all.filter((it) => !isLatest(it)).map(({ document }) => forget(document)));
  return all.filter(isLatest);
}
