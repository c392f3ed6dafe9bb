import { createHash } from 'node:crypto';
import type { Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import * as z from 'zod';
import { codeOf } from '../google/error-code';
import type { Device } from './delivery';

/** FCM deletes the tokens of Android apps that were not used for 270 days. */
const STALE_MS = 270 * 86_400_000;

/** firestore.rules lets an owner write these ids and no others, which bounds how many devices there are. */
const DEVICE_PATH = /^users\/[^/]+\/devices\/\d$/;
/** Registrations of one user's ten tokens. More is an attack, or a copy of the database. */
const MAX_REGISTRATIONS = 100;
/** Ids that the rules allow, and some that a server may have added. */
const MAX_DEVICES = 20;

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

const isDevice = ({ ref }: QueryDocumentSnapshot): boolean => DEVICE_PATH.test(ref.path);

/** Deletes a registration, unless the device has registered again since. */
export async function forget({ ref, updateTime }: QueryDocumentSnapshot): Promise<void> {
  try {
    await ref.delete({ lastUpdateTime: updateTime });
  } catch (error) {
    const code = codeOf(error);
    // NOT_FOUND, FAILED_PRECONDITION
    if (code !== 5 && code !== 9) throw error;
  }
}

/** The devices of a user, and registrations that do not count any more. */
export interface Devices {
  readonly current: readonly Registered[];
  readonly outdated: readonly QueryDocumentSnapshot[];
}

/** A string that sorts like the time of Firestore's last write, which no client can choose. */
const writtenAt = ({ updateTime }: QueryDocumentSnapshot): string => updateTime.valueOf();

/** The latest registration of each token. */
async function latestOf(
  firestore: Firestore,
  own: readonly Registered[],
): Promise<ReadonlyMap<string, QueryDocumentSnapshot>> {
  const latest = new Map<string, QueryDocumentSnapshot>();
  const consider = (token: string, document: QueryDocumentSnapshot): void => {
    const known = latest.get(token);
    if (!known || writtenAt(document) > writtenAt(known)) latest.set(token, document);
  };
  // First the user's own: the query may be full of somebody else's documents of other shapes.
  for (const { token, document } of own) consider(token, document);
  const { docs } = await firestore
    .collectionGroup('devices')
    .where('token', 'in', [...latest.keys()])
    .limit(MAX_REGISTRATIONS)
    .get();
  for (const document of docs.filter(isDevice)) {
    const { data } = stored.safeParse(document.data());
    if (data) consider(data.token, document);
  }
  return latest;
}

/**
 * The devices of a user. A token that was registered for somebody else since belongs to that user: the
 * phone or browser has changed hands, and must not show the former user's notifications. One that was
 * not registered again for 270 days is not in use.
 *
 * @param now Epoch ms.
 */
export async function devicesOf(firestore: Firestore, uid: string, now: number): Promise<Devices> {
  const { docs } = await firestore.collection(`users/${uid}/devices`).limit(MAX_DEVICES).get();
  const all = docs.filter(isDevice).flatMap((document) => {
    const { data } = stored.safeParse(document.data());
    return data ? [{ ...data, key: keyOf(data.token), document }] : [];
  });
  if (all.length === 0) return { current: [], outdated: [] };
  const latest = await latestOf(firestore, all);
  const isCurrent = ({ token, document }: Registered): boolean =>
    latest.get(token)?.ref.path === document.ref.path &&
    now - document.updateTime.toMillis() <= STALE_MS;
  return {
    current: all.filter(isCurrent),
    outdated: all.filter((device) => !isCurrent(device)).map(({ document }) => document),
  };
}
