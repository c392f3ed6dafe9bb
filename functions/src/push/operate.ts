import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { systemClock } from '../clock';
import { explainFirestoreFailure } from '../google/firestore-failure';
import { isUidOfCustomer } from '../premium/customer-uid';
import { sh } from '../remedy';
import { skippedSchema, type Summary } from './delivery';
import { messageContent } from './notification';
import type { NotificationId, NotificationStore } from './store';

/** What an operator gets to know about a notification. */
export type PushStatus =
  | { readonly state: 'unknown' }
  /** Devices that have answered so far, and those that have not. */
  | { readonly state: 'waiting'; readonly answered: number; readonly left: number }
  | { readonly state: 'finished'; readonly summary: Summary };

export interface Push {
  /** False: a notification with this id exists already; nothing is sent again. */
  readonly send: (
    name: NotificationId,
    message: { readonly title: string; readonly body: string; readonly path?: string },
  ) => Promise<boolean>;
  readonly status: (name: NotificationId) => Promise<PushStatus>;
}

/** What an operator can act on; never quotes a text. */
export class PushError extends Error {
  override readonly name = 'PushError';
}

const ID = /^[A-Za-z0-9][\w.:-]{0,99}$/;

/**
 * Reads `tiki:123/some-id`.
 *
 * @throws PushError
 */
export function parseNotificationId(text: string): NotificationId {
  const [uid = '', id = '', ...more] = text.split('/');
  if (!isUidOfCustomer(uid) || !ID.test(id) || more.length > 0) {
    throw new PushError('A notification is named tiki:<customer id>/<its id>, as "send" prints it');
  }
  return { uid, id };
}

/** @throws PushError that names the option */
export function checkMessage(message: object): void {
  const issue = messageContent.safeParse(message).error?.issues[0];
  if (issue) throw new PushError(`--${issue.path.map(String).join('.')} ${issue.message}`);
}

const summarySchema = z.object({
  sentAt: z.custom((value) => value !== undefined),
  successes: z.int(),
  failures: z.record(z.string(), z.int()),
  skipped: skippedSchema.optional(),
});

/**
 * For an operator at a terminal, who calls Firestore with a login of their own.
 *
 * @param error As thrown by Google's client.
 */
export function explainPushFailure(error: unknown, projectId: string): string {
  const words = error instanceof Error ? error.message : '';
  const known = explainFirestoreFailure(words, { projectId, service: 'pushnotification' });
  if (!known) return 'Firestore did not answer';
  if (known.fault === 'denied') {
    return (
      'Your login may not write to Firestore: ' +
      sh`gcloud projects add-iam-policy-binding ${projectId} --role roles/datastore.user ` +
      sh`--member ${'user:<your e-mail>'} (serviceAccount:<its e-mail> with a key file)`
    );
  }
  return known.remedy === undefined ? known.cause : `${known.cause}: ${known.remedy}`;
}

export function createPush(store: NotificationStore): Push {
  return {
    send: (name, { title, body, path = '/' }) =>
      store.create(name, { kind: 'message', title, body, path }),
    status: async (name) => {
      const stored = await store.read(name, systemClock.now());
      if (!stored) return { state: 'unknown' };
      const { delivery, devices, snapshot } = stored;
      const { data } = summarySchema.safeParse(snapshot.data());
      if (data) {
        const { successes, failures, skipped } = data;
        return {
          state: 'finished',
          summary: { successes, failures, ...(skipped && { skipped }) },
        };
      }
      const left = devices.filter(({ key }) => delivery.results[key] === undefined).length;
      return { state: 'waiting', answered: Object.keys(delivery.results).length, left };
    },
  };
}

/**
 * Notifications of a real project (Application Default Credentials) or of the emulator that
 * `FIRESTORE_EMULATOR_HOST` names. Loads the Firestore client only now.
 */
export async function openPush(projectId: string): Promise<Push> {
  const { applicationDefault, initializeApp } = await import('firebase-admin/app');
  const { getFirestore } = await import('firebase-admin/firestore');
  const { createStore } = await import('./store.js');
  const options = { credential: applicationDefault(), projectId };
  return createPush(createStore(getFirestore(initializeApp(options, `push-${randomUUID()}`))));
}
