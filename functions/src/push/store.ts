import { FieldValue, type DocumentSnapshot, type Firestore } from 'firebase-admin/firestore';
import * as z from 'zod';
import { within } from '../clock';
import { codeOf } from '../google/error-code';
import type { Delivery, Result, Summary } from './delivery';
import { devicesOf, type Devices, forget, type Registered } from './devices';
import { UNREGISTERED } from './fcm';
import { isSwitchedOff, notificationContent, type NotificationContent } from './notification';

/** One call to Firestore, ms. Nobody waits for it. */
const CALL_MS = 30_000;
/** Until a notification that was sent may be deleted: `pushExpiresAt` is a TTL field. */
const KEPT_MS = 90 * 86_400_000;
/** Longer ids would leave too little of a message for its text. */
const MAX_ID = 128;

const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;

/**
 * Written by {@link NotificationStore}. Whatever else is in these fields is ignored: if it hid the
 * results, every device would be sent to again.
 */
const progress = z.object({
  results: z.record(z.string(), z.unknown()).catch({}),
  sentAt: z.unknown().optional(),
});

const isResult = (entry: [string, unknown]): entry is [string, Result] =>
  typeof entry[1] === 'string';

export interface NotificationId {
  readonly uid: string;
  readonly id: string;
}

/** A notification as it is stored at one moment, with its user's devices. */
export interface StoredNotification {
  readonly delivery: Delivery;
  readonly devices: readonly Registered[];
  readonly outdated: Devices['outdated'];
  /** Undefined: not of the documented shape. */
  readonly content: NotificationContent | undefined;
  readonly snapshot: DocumentSnapshot;
}

export interface NotificationStore {
  /**
   * Undefined: there is no such notification.
   *
   * @param now Epoch ms.
   */
  readonly read: (name: NotificationId, now: number) => Promise<StoredNotification | undefined>;
  /** Deletes registrations that do not count any more. */
  readonly forgetOutdated: (seen: StoredNotification) => Promise<void>;
  /** Adds results; deletes the registrations of devices that FCM does not know any more. */
  readonly record: (
    seen: StoredNotification,
    results: Readonly<Record<string, Result>>,
  ) => Promise<void>;
  /** Writes the summary if the document is as it was seen; false: it is not. */
  readonly finish: (seen: StoredNotification, summary: Summary, now: number) => Promise<boolean>;
  /** Creates a notification; false: there is one with this id, and the user has been told. */
  readonly create: (name: NotificationId, content: NotificationContent) => Promise<boolean>;
}

function deliveryOf(
  snapshot: DocumentSnapshot,
  content: NotificationContent | undefined,
  settings: unknown,
): Delivery {
  const { data } = progress.safeParse(snapshot.data());
  const isOff = content && isSwitchedOff(content.kind, settings);
  return {
    createdAt: snapshot.createTime?.toMillis() ?? 0,
    results: Object.fromEntries(Object.entries(data?.results ?? {}).filter(isResult)),
    isFinished: data?.sentAt !== undefined,
    skipped: !content ? 'malformed' : isOff ? 'switched-off' : undefined,
  };
}

/** Notifications and devices in Firestore. */
export function createStore(firestore: Firestore): NotificationStore {
  const documentOf = ({ uid, id }: NotificationId) =>
    firestore.collection(`users/${uid}/notifications`).doc(id);
  const call = <T>(work: Promise<T>) => within(CALL_MS, work);

  async function read(name: NotificationId, now: number): Promise<StoredNotification | undefined> {
    const snapshot = await documentOf(name).get();
    if (!snapshot.exists) return undefined;
    const { data } = notificationContent.safeParse(snapshot.data());
    const content = name.id.length <= MAX_ID ? data : undefined;
    const settings = await firestore.doc(`users/${name.uid}/settings/push`).get();
    const delivery = deliveryOf(snapshot, content, settings.data());
    const isDone = delivery.isFinished || delivery.skipped !== undefined;
    const { current, outdated } = isDone
      ? { current: [], outdated: [] }
      : await devicesOf(firestore, name.uid, now);
    return { delivery, devices: current, outdated, content, snapshot };
  }

  async function finish(
    { snapshot: { ref, updateTime } }: StoredNotification,
    summary: Summary,
    now: number,
  ): Promise<boolean> {
    const pushExpiresAt = new Date(now + KEPT_MS);
    const written = { ...summary, sentAt: FieldValue.serverTimestamp(), pushExpiresAt };
    try {
      await ref.update(written, updateTime ? { lastUpdateTime: updateTime } : {});
      return true;
    } catch (error) {
      if (codeOf(error) === FAILED_PRECONDITION) return false;
      throw error;
    }
  }

  return {
    read: (name, now) => call(read(name, now)),
    forgetOutdated: async ({ outdated }) => {
      await call(Promise.all(outdated.map(forget)));
    },
    record: async ({ snapshot, devices }, results) => {
      const fields = Object.entries(results).map(([key, result]) => [`results.${key}`, result]);
      await call(snapshot.ref.update(Object.fromEntries(fields) as Record<string, string>));
      const gone = devices.filter(({ key }) => results[key] === UNREGISTERED);
      await call(Promise.all(gone.map(({ document }) => forget(document))));
    },
    finish: (seen, summary, now) => call(finish(seen, summary, now)),
    create: async (name, content) => {
      try {
        await call(documentOf(name).create(content));
        return true;
      } catch (error) {
        if (codeOf(error) === ALREADY_EXISTS) return false;
        throw error;
      }
    },
  };
}
