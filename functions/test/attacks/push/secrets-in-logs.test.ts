import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../../../src/clock';
import { sendNotification } from '../../../src/push/send-notification';
import type { NotificationStore, StoredNotification } from '../../../src/push/store';

const TOKEN = `c1a2:APA91b${'hush'.repeat(20)}`;
const ACCESS_TOKEN = 'ya29.a0-hush-access-token';

/** One device; no document is read of it. */
const stored = {
  content: { kind: 'message', title: 'private title', body: 'private body', path: '/' },
  delivery: { createdAt: Date.now(), results: {}, isFinished: false },
  devices: [{ key: 'k', token: TOKEN, platform: 'web', language: 'en' }],
} as unknown as StoredNotification;

const failing = (message: string) => () => Promise.reject(new Error(message));

it.each([
  ['FCM', `Bearer ${ACCESS_TOKEN} was refused for ${TOKEN}`],
  ['Firestore', `cannot write ${TOKEN}: Authorization: Bearer ${ACCESS_TOKEN}`],
])('an error of %s that quotes secrets puts none into the log', async (place, words) => {
  const log: LogEntry[] = [];
  const store: NotificationStore = {
    read: () => Promise.resolve(stored),
    forgetOutdated: () => Promise.resolve(),
    record: failing(words),
    finish: failing(words),
    create: failing(words),
  };
  const sendEach =
    place === 'FCM'
      ? failing(words)
      : () => Promise.resolve({ responses: [{ success: true }], successCount: 1, failureCount: 0 });
  const sending = sendNotification(
    { uid: 'tiki:1', id: 'n' },
    {
      store,
      messaging: { sendEach },
      clock: { ...systemClock, sleep: () => Promise.resolve() },
      random: () => 0,
      log: (entry) => log.push(entry),
      projectId: 'demo-push',
    },
  );
  // The runtime logs what a function throws.
  const thrown = await sending.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Error);
  const seen = JSON.stringify(log) + String(thrown instanceof Error ? thrown.stack : '');
  expect(log).toHaveLength(1);
  expect(seen).not.toMatch(/hush|private/);
});
