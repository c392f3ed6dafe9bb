import { createHmac } from 'node:crypto';
import {
  CLIENT_KEY,
  CLIENT_SECRET,
  startPayments,
  type TestPayments,
} from '../../payments/support/payments';

const PREVIOUS = 'canary-previous-secret-1b';

let payments: TestPayments;
let body: string;
beforeAll(async () => {
  payments = await startPayments({ env: { TIKI_CLIENT_SECRET: `${CLIENT_SECRET}\n${PREVIOUS}` } });
  const order = await payments.place();
  payments.tiki.setFault({ path: 'ipn', fault: { kind: 'forged' } });
  await payments.pay(order);
  body = payments.tiki.messages[0]?.body ?? '';
});

const sign = (secret: string, key: string, timestamp: string) =>
  createHmac('sha256', secret)
    .update(Buffer.from(`${timestamp}.${key}.${body}`).toString('base64url'))
    .digest('hex');

const NOW = '1790000000000';
const GOOD = {
  'X-Tiniapp-Timestamp': NOW,
  'X-Tiniapp-Client-Id': CLIENT_KEY,
};

const send = (headers: Readonly<Record<string, string>>) =>
  payments.ask('/tiki_ipn', { body, headers });

const orders = () => [...payments.shop.orders.values()];

it('changes nothing, and is logged', () => {
  expect(payments.lastAnswer()).toBe(401);
  expect(orders()).toMatchObject([{ state: 'waiting', watermark: null }]);
  expect(payments.logged()).toContain('A notification is not signed with TIKI_CLIENT_SECRET');
});

it.each<[string, () => Readonly<Record<string, string>>]>([
  ['none', () => ({})],
  ['an empty one', () => ({ ...GOOD, 'X-Tiniapp-Signature': '' })],
  ['one of another secret', () => ({ ...GOOD, 'X-Tiniapp-Signature': sign('x', CLIENT_KEY, NOW) })],
  [
    'one of another app',
    () => ({
      ...GOOD,
      'X-Tiniapp-Client-Id': 'other',
      'X-Tiniapp-Signature': sign(CLIENT_SECRET, 'other', NOW),
    }),
  ],
  [
    'the signature of another time',
    () => ({ ...GOOD, 'X-Tiniapp-Signature': sign(CLIENT_SECRET, CLIENT_KEY, '1790000000001') }),
  ],
  [
    'an app that two headers name differently',
    () => ({
      ...GOOD,
      'X-Tiniapp-Client-Key': 'other',
      'X-Tiniapp-Signature': sign(CLIENT_SECRET, CLIENT_KEY, NOW),
    }),
  ],
  [
    'upper-case digits',
    () => ({
      ...GOOD,
      'X-Tiniapp-Signature': sign(CLIENT_SECRET, CLIENT_KEY, NOW).toUpperCase(),
    }),
  ],
  [
    'a time with an exponent',
    () => ({
      ...GOOD,
      'X-Tiniapp-Timestamp': '1e3',
      'X-Tiniapp-Signature': sign(CLIENT_SECRET, CLIENT_KEY, '1000'),
    }),
  ],
])('is refused with %s', async (_, headers) => {
  const response = await send(headers());
  expect(response.status).toBe(401);
  expect(orders()).toMatchObject([{ state: 'waiting' }]);
});

it('is none with the previous secret, however old the message is', async () => {
  const timestamp = '1600000000000';
  const headers = {
    'X-Tiniapp-Timestamp': timestamp,
    'X-Tiniapp-Client-Key': CLIENT_KEY,
    'X-Tiniapp-Signature': sign(PREVIOUS, CLIENT_KEY, timestamp),
  };
  expect((await send(headers)).status).toBe(200);
  expect(orders()).toMatchObject([{ state: 'paid' }]);
  expect(payments.logged()).not.toContain('canary');
});
