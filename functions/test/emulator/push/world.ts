import { randomUUID } from 'node:crypto';
import { startFirestoreEngine } from '@tiki-bridge/testing/emulators/firestore';
import type { FcmFake } from '@tiki-bridge/testing/google/fcm';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../../../src/clock';
import { sendNotification } from '../../../src/push/send-notification';
import { createStore, type NotificationStore } from '../../../src/push/store';
import { type Sender, startSender } from '../../push/support/sender';

export const PROJECT = 'demo-push';
const START_MS = 300_000;

interface Sending {
  readonly through?: NotificationStore;
  /** Epoch ms. */
  readonly now?: () => number;
}

/** Firestore's emulator, a strict fake of FCM, and the sender between them. */
export interface PushWorld {
  readonly firestore: () => Firestore;
  readonly store: () => NotificationStore;
  readonly fcm: () => FcmFake;
  /** Of the current test. */
  readonly logged: () => LogEntry[];
  /** A customer of the current test alone. */
  readonly uid: () => string;
  /** The token of one of that customer's devices. */
  readonly token: (index: number) => string;
  readonly register: (index: number, changes?: object, owner?: string) => Promise<unknown>;
  readonly write: (id: string, content?: object, owner?: string) => Promise<unknown>;
  readonly send: (id: string, owner?: string, sending?: Sending) => Promise<void>;
  readonly stored: (id: string, owner?: string) => Promise<unknown>;
  readonly tokensSentTo: () => string[];
}

/** Starts both before the tests of a file. */
export function usePushWorld(): PushWorld {
  let engine: { readonly host: string; stop(): Promise<void> };
  let app: App;
  let firestore: Firestore;
  let store: NotificationStore;
  let sender: Sender;
  let logged: LogEntry[];
  let uid: string;
  let customers = 100;

  beforeAll(async () => {
    const started = await startFirestoreEngine({ projectId: PROJECT });
    if (!('host' in started)) throw new Error(started.unavailable);
    engine = started;
    process.env['FIRESTORE_EMULATOR_HOST'] = engine.host;
    app = initializeApp({ projectId: PROJECT }, randomUUID());
    firestore = getFirestore(app);
    store = createStore(firestore);
  }, START_MS);
  afterAll(async () => {
    await deleteApp(app);
    await engine.stop();
    delete process.env['FIRESTORE_EMULATOR_HOST'];
  }, START_MS);
  beforeEach(async () => {
    sender = await startSender(PROJECT);
    logged = [];
    customers += 1;
    uid = `tiki:${customers}`;
  });
  afterEach(() => sender.close());

  const token = (index: number) => `token-${uid}-${index}`;
  const notification = (id: string, owner: string) =>
    firestore.doc(`users/${owner}/notifications/${id}`);
  return {
    firestore: () => firestore,
    store: () => store,
    fcm: () => sender.fcm,
    logged: () => logged,
    uid: () => uid,
    token,
    register: (index, changes = {}, owner = uid) =>
      firestore.doc(`users/${owner}/devices/${index}`).set({
        ...{ token: token(index), platform: 'android', language: 'vi', updatedAt: new Date() },
        ...changes,
      }),
    write: (id, content = { title: 'Chào', body: 'Bạn' }, owner = uid) =>
      notification(id, owner).create(content),
    send: (id, owner = uid, { through = store, now = systemClock.now } = {}) =>
      sendNotification(
        { uid: owner, id },
        {
          store: through,
          messaging: sender.messaging,
          clock: { ...systemClock, now, sleep: () => Promise.resolve() },
          random: Math.random,
          log: (entry) => logged.push(entry),
          projectId: PROJECT,
        },
      ),
    stored: async (id, owner = uid) => (await notification(id, owner).get()).data(),
    tokensSentTo: () => sender.fcm.messages.map((message) => message.token).sort(),
  };
}
