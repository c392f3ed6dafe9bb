import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../../src/clock';
import { createCredentials, type TokenSource, withoutKey } from '../../src/google/credentials';
import { MetadataFailure } from '../../src/google/metadata-server';
import { sendAll } from '../../src/push/fcm';
import { openMessaging } from '../../src/push/open-messaging';
import { type Sender, startSender } from './support/sender';

const PROJECT = 'demo-push';
const MESSAGES = ['token-1', 'token-2'].map((token) => ({ token, data: { a: 'b' } }));
const SENT = { kind: 'answered', result: 'sent' };

let sender: Sender;
let log: LogEntry[];
beforeEach(async () => {
  sender = await startSender(PROJECT);
  log = [];
});
afterEach(() => sender.close());

/** @param fetch The values of access tokens, as Google gives them. */
function messagingWith(fetch: () => string) {
  const source: TokenSource = {
    email: () => Promise.resolve('sender@example.com'),
    accessToken: async () => {
      await Promise.resolve();
      return { value: fetch(), lifetimeMs: 3_600_000 };
    },
    idToken: withoutKey,
    jwtAccessToken: withoutKey,
  };
  const credentials = createCredentials(source, systemClock);
  return openMessaging(credentials, PROJECT, (entry) => log.push(entry));
}

it('asks for one token for all messages, and keeps it', async () => {
  let asked = 0;
  const messaging = messagingWith(() => {
    asked += 1;
    return sender.tokens.issue('sender@example.com').access_token;
  });
  expect(await sendAll(messaging, MESSAGES)).toEqual([SENT, SENT]);
  expect(await sendAll(messaging, MESSAGES)).toEqual([SENT, SENT]);
  expect(asked).toBe(1);
});

it('drops a token that FCM refuses, and sends with a new one', async () => {
  const values = ['ya29.revoked', sender.tokens.issue('sender@example.com').access_token];
  const messaging = messagingWith(() => values.shift() ?? '');
  const refused = { kind: 'try-later', code: 'no-credentials' };
  expect(await sendAll(messaging, MESSAGES)).toEqual([refused, refused]);
  expect(await sendAll(messaging, MESSAGES)).toEqual([SENT, SENT]);
});

it('tries again later where there is no token, and tells the operator why', async () => {
  let isDown = true;
  const messaging = messagingWith(() => {
    if (isDown) throw new MetadataFailure('404 for token');
    return sender.tokens.issue('sender@example.com').access_token;
  });
  const failed = { kind: 'try-later', code: 'no-access-token' };
  expect(await sendAll(messaging, MESSAGES)).toEqual([failed, failed]);
  expect(JSON.stringify(log)).toContain('deploy with a service account that exists');
  expect(sender.fcm.calls).toEqual([]);
  isDown = false;
  expect(await sendAll(messaging, MESSAGES)).toEqual([SENT, SENT]);
});
