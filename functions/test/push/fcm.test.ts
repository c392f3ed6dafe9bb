import type { FcmFault } from '@tiki-bridge/testing/google/fcm';
import { sendAll } from '../../src/push/fcm';
import type { Device } from '../../src/push/delivery';
import { messageTo, tagOf } from '../../src/push/message';
import { type Sender, startSender } from './support/sender';

const PROJECT = 'demo-push';
const CREATED_AT = Date.UTC(2026, 10, 26);

let sender: Sender;
beforeEach(async () => {
  sender = await startSender(PROJECT);
});
afterEach(() => sender.close());

const PLATFORMS = ['android', 'ios', 'web'] as const;
const deviceNumber = (index: number): Device => ({
  key: String(index),
  token: `token-${index}`,
  platform: PLATFORMS[index % 3] ?? 'web',
  language: index % 2 === 0 ? 'vi' : 'en',
});
const messagesTo = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    messageTo(
      deviceNumber(index),
      { uid: 'tiki:1', id: 'n1' },
      { kind: 'premium-opened', premiumUntil: CREATED_AT, path: '/premium' },
      CREATED_AT,
    ),
  );
const failing = (faults: Readonly<Record<string, FcmFault>>) => {
  sender.fcm.setFault(({ token }) => faults[token] ?? null);
};

const SENT = { kind: 'answered', result: 'sent' };

it('sends to all devices of a user on one session, each in its language', async () => {
  expect(await sendAll(sender.messaging, messagesTo(10))).toEqual(Array(10).fill(SENT));

  const { fcm } = sender;
  expect(fcm.sessions()).toBe(1);
  expect(new Set(fcm.calls.map(({ version }) => version))).toEqual(new Set(['2.0']));
  const received = new Map(fcm.messages.map((message) => [message.token, message]));
  const tag = tagOf('n1');
  expect(tag).toHaveLength(32);
  const data = { notificationId: 'n1', kind: 'premium-opened', path: '/premium' };
  expect(received.get('token-0')).toEqual({
    token: 'token-0',
    data,
    notification: { title: 'Bạn đã có premium', body: 'Premium dùng được đến 26/11/2026.' },
    android: { ttl: '86400s', notification: { tag } },
  });
  expect(received.get('token-1')).toEqual({
    token: 'token-1',
    data,
    notification: { title: 'Premium is yours', body: 'It is open until 26 November 2026.' },
    apns: {
      headers: {
        'apns-collapse-id': tag,
        'apns-expiration': String(CREATED_AT / 1_000 + 86_400),
      },
      payload: { aps: { sound: 'default' } },
    },
  });
  expect(received.get('token-2')).toEqual({
    token: 'token-2',
    data: {
      ...data,
      uid: 'tiki:1',
      title: 'Bạn đã có premium',
      body: 'Premium dùng được đến 26/11/2026.',
    },
    webpush: { headers: { Topic: tag, TTL: '86400', Urgency: 'normal' } },
  });
});

it('tells faults of a device, of the moment and of the project apart', async () => {
  const expected = {
    UNREGISTERED: { kind: 'answered', result: 'registration-token-not-registered' },
    INVALID_ARGUMENT: { kind: 'answered', result: 'invalid-argument' },
    SENDER_ID_MISMATCH: { kind: 'answered', result: 'mismatched-credential' },
    THIRD_PARTY_AUTH_ERROR: { kind: 'answered', result: 'third-party-auth-error' },
    QUOTA_EXCEEDED: { kind: 'try-later', code: 'message-rate-exceeded' },
    INTERNAL: { kind: 'try-later', code: 'internal-error' },
    'permission-denied': { kind: 'try-later', code: 'denied' },
    'api-disabled': { kind: 'try-later', code: 'api-disabled' },
  } as const satisfies Partial<Record<FcmFault, object>>;
  // In the order of their keys.
  const faults = Object.keys(expected) as (keyof typeof expected)[];
  failing(Object.fromEntries(faults.map((fault, index) => [`token-${index}`, fault])));

  const attempts = await sendAll(sender.messaging, messagesTo(faults.length + 1));

  expect(attempts).toEqual([...Object.values(expected), SENT]);
});

it('leaves the repetition after a short 503 to the SDK', async () => {
  let faults = 1;
  sender.fcm.setFault(() => ((faults -= 1) >= 0 ? 'UNAVAILABLE' : null));
  expect(await sendAll(sender.messaging, messagesTo(1))).toEqual([SENT]);
  expect(sender.fcm.calls.map(({ outcome }) => outcome)).toEqual([503, 200]);
});

it('fails one message only when its stream is reset', async () => {
  failing({ 'token-1': 'reset' });
  const attempts = await sendAll(sender.messaging, messagesTo(3));
  expect(attempts).toMatchObject([SENT, { kind: 'try-later' }, SENT]);
});

it.each([
  ['before', 4],
  ['after', 5],
] as const)(
  'keeps what FCM has answered when the session ends %s a message was taken',
  async (when, taken) => {
    failing({ 'token-4': `goaway-${when}` });
    const attempts = await sendAll(sender.messaging, messagesTo(5));

    // That FCM has taken the last one cannot be known from outside; a repetition replaces it by its tag.
    expect(attempts).toMatchObject([SENT, SENT, SENT, SENT, { kind: 'try-later' }]);
    expect(sender.fcm.messages).toHaveLength(taken);
  },
);

it('tries again later when FCM cannot be reached', async () => {
  await sender.fcm.close();
  expect(await sendAll(sender.messaging, messagesTo(2))).toMatchObject([
    { kind: 'try-later' },
    { kind: 'try-later' },
  ]);
});
