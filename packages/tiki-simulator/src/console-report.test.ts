import { callLine, messageLine, orderLine } from './console-report';
import type { SentMessage } from './ipn/notifier';
import type { Order } from './orders/order';
import type { RecordedCall } from './types';

const CALL: RecordedCall = {
  method: 'POST',
  path: '/oauth/me',
  at: 0,
  timestampHeader: undefined,
  clientId: undefined,
  clientKeyHeader: undefined,
  signature: undefined,
  rawBody: '',
  outcome: 'ok',
  problem: undefined,
  ms: 3,
};

describe('the line of a call', () => {
  it('names method, path, outcome and duration', () => {
    expect(callLine(CALL, false)).toMatch(/^ {2}\d\d:\d\d:\d\d {2}POST \/oauth\/me {2}ok {2}3 ms$/);
  });

  it.each([
    ['ok', '\u001b[32mok\u001b[0m'],
    ['fault:hang', '\u001b[33mfault:hang\u001b[0m'],
    ['invalid_code', '\u001b[31minvalid_code\u001b[0m'],
  ] as const)('paints %s where colours are wanted', (outcome, painted) => {
    expect(callLine({ ...CALL, outcome }, true)).toContain(painted);
  });

  it('contains no control characters from the caller', () => {
    const line = callLine({ ...CALL, path: '/\u009b2J', problem: '\u001b]0;x\u0007' }, false);
    expect(line).toMatch(/^[ -~]*$/);
  });
});

const ORDER: Order = {
  id: '880621109778841700',
  status: 'online_paid',
  customerId: '1001',
  items: [{ name: '1 tháng', quantity: 1, priceVnd: 49_000 }],
  grandTotalVnd: 49_000,
  extra: '',
  referenceId: 'o1\u001b[2J',
  tikiOrderId: '100000001',
  tikiOrderCode: '200000002',
  createdAt: 0,
  paid: true,
  refunded: false,
};

const MESSAGE: SentMessage = {
  id: 'm1',
  order: ORDER,
  createdAt: '2026-11-26T00:00:00.000Z',
  signedAt: 0,
  state: 'delivered',
  body: '',
  headers: {},
  attempts: [{ at: 0, outcome: 200, fault: undefined }],
};

it('has a line for each change of an order, without control characters', () => {
  expect(orderLine(ORDER, 0)).toMatch(
    /^ {2}\d\d:\d\d:\d\d {2}order 880621109778841700 online_paid {2}49000 VND {2}o1\?\[2J$/,
  );
  const refunded = { ...ORDER, status: 'canceled', refunded: true } as const;
  expect(orderLine(refunded, 0)).toContain('canceled, refunded');
});

it.each<[string, Partial<SentMessage>, string]>([
  ['delivered', {}, '200  attempt 1'],
  [
    'waiting for its repeat',
    { state: 'waiting', attempts: [{ at: 0, outcome: 'no-answer', fault: undefined }] },
    'no-answer  attempt 1, to be sent again',
  ],
  [
    'under a fault',
    { state: 'refused', attempts: [{ at: 0, outcome: 401, fault: 'forged' }] },
    '401 (fault:forged)  attempt 1',
  ],
  ['without a receiver', { state: 'no-url', attempts: [] }, 'no IPN URL'],
])('has a line for a notification that is %s', (_, changes, end) => {
  const line = messageLine({ ...MESSAGE, ...changes }, 0, false);
  expect(line).toMatch(/^ {2}\d\d:\d\d:\d\d {2}IPN online_paid of order 880621109778841700 {2}/);
  expect(line.endsWith(`  ${end}`)).toBe(true);
});
