import type { Payment, PaymentResult } from '@tiki-bridge/tiki-simulator/payment';
import { payAtTiki } from './pay-at-tiki';
import { createPhone } from './phone';
import { openWorld } from './world';

/** Calls `my.makePayment` on a phone of customer 1001, and returns what it calls back. */
function makePayment(answer: PaymentResult | Error) {
  const asked: Payment[] = [];
  const phone = createPhone({
    domains: [],
    transport: () => Promise.reject(new Error('no server here')),
    issueAuthCode: () => 'code',
    customer: { id: '1001', name: 'An' },
  });
  const sheet = {
    pay: (payment: Payment) => {
      asked.push(payment);
      return answer instanceof Error ? Promise.reject(answer) : answer;
    },
  };
  phone.pay = payAtTiki(sheet, phone, 'paid');
  const pay = openWorld(phone).my['makePayment'] as (options: object) => void;
  const called: unknown[] = [];
  const note = (name: string) => (value: unknown) => called.push([name, value]);
  pay({ orderId: '88', success: note('success'), fail: note('fail'), complete: note('complete') });
  // One turn of the event loop: nothing here waits for I/O.
  const settled = new Promise<unknown[]>((resolve) => {
    setImmediate(() => {
      resolve(called);
    });
  });
  return { asked, settled };
}

it('pays as the customer of the phone', async () => {
  const { asked, settled } = makePayment({ success: 'success' });
  expect(await settled).toEqual([
    ['success', 'success'],
    ['complete', 'success'],
  ]);
  expect(asked).toEqual([{ orderId: '88', outcome: 'paid', customerId: '1001' }]);
});

it.each<[string, PaymentResult | Error, readonly unknown[]]>([
  ['an error string when the customer cancels', { fail: 'canceled' }, ['fail', 'complete']],
  ['nothing when the customer walks away', { walkedAway: true }, []],
  ['an error when Tiki cannot be reached', new Error('refused'), ['fail', 'complete']],
])('calls back %s', async (_, answer, names) => {
  const called = (await makePayment(answer).settled) as [string, unknown][];
  expect(called.map(([name]) => name)).toEqual(names);
  for (const [, value] of called) expect(typeof value).toBe('string');
});
