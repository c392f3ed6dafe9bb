import { Problem } from '../../problem';
import { verifyNotification } from './notification';
import { signedHeaders, tikiSignature } from './signature';

const CREDENTIALS = { clientKey: 'key', clientSecret: 'secret' };
const ORDER = {
  ...{ id: '88062110977884170', status: 'online_paid', grand_total: 49_000 },
  ...{ reference_id: 'o1', tiki_order_id: '', tiki_order_code: '', extra: '' },
};
const MESSAGE = {
  order: ORDER,
  message_id: 'a-b-1',
  message_type: 'notification',
  message_created_at: '2026-11-26T07:00:00.123456789+07:00',
};

function take(body: string | Buffer) {
  const bytes = Buffer.from(body);
  const headers = Object.fromEntries(
    Object.entries({
      'X-Tiniapp-Timestamp': '1790000000000',
      'X-Tiniapp-Client-Id': 'key',
      'X-Tiniapp-Signature': signatureOf(bytes),
    }).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return verifyNotification({ clientKey: 'key', secrets: ['secret'], headers, body: bytes });
}

// The bytes in these tests that are no text are signed as what they are.
function signatureOf(bytes: Buffer): string {
  return tikiSignature(CREDENTIALS, 1_790_000_000_000, bytes);
}

it('reads a message, with a time of up to nanoseconds', () => {
  expect(take(JSON.stringify(MESSAGE))).toEqual({
    messageId: 'a-b-1',
    createdAt: Date.UTC(2026, 10, 26, 0, 0, 0, 123),
    order: {
      ...{ id: '88062110977884170', status: 'online_paid', progress: 'paid', reference: 'o1' },
    },
  });
});

it('reads ids that are bare integers of 64 bits without losing digits', () => {
  const body = JSON.stringify(MESSAGE)
    .replace('"88062110977884170"', '9223372036854775807')
    .replace('"a-b-1"', '9007199254740993');
  expect(take(body)).toMatchObject({
    messageId: '9007199254740993',
    order: { id: '9223372036854775807' },
  });
});

it('concludes nothing from a status that is not documented', () => {
  for (const status of ['new_status', 'constructor', '__proto__']) {
    const body = JSON.stringify({ ...MESSAGE, order: { ...ORDER, status } });
    expect(take(body)?.order.progress).toBe('unknown');
  }
});

it.each([
  ['no JSON', '{'],
  ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['a list', '[]'],
  ['nothing of an order', JSON.stringify({ ...MESSAGE, order: null })],
  ['another type', JSON.stringify({ ...MESSAGE, message_type: 'other' })],
  ['no id', JSON.stringify({ ...MESSAGE, message_id: '' })],
  ['an id that is a path', JSON.stringify({ ...MESSAGE, message_id: 'a/b' })],
  ['an id that Firestore reserves', JSON.stringify({ ...MESSAGE, message_id: '__a__' })],
  ['no time', JSON.stringify({ ...MESSAGE, message_created_at: 'today' })],
  ['an order id that is no number', JSON.stringify({ ...MESSAGE, order: { ...ORDER, id: 'x' } })],
])('is to be sent again where it has %s, though it is signed', (_, body) => {
  expect(() => take(body)).toThrow(Problem);
  expect(() => take(body)).toThrow('tiki-bad-response');
});

it('signs as it verifies', () => {
  const body = JSON.stringify(MESSAGE);
  const headers = signedHeaders(CREDENTIALS, 1_790_000_000_000, body);
  expect(headers['X-Tiniapp-Signature']).toBe(signatureOf(Buffer.from(body)));
});
