import * as client from '../test-client';
import {
  http,
  NEW_ORDER,
  orderOf,
  reasonOf,
  signedHeaders,
  simulatorForEachTest,
  type OrderData,
  type SignedCall,
} from '../test-client';
import type { Payment } from './payment';

const MULTI_SKU = '/order/multi-sku';
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 10, 26);

describe('orders', () => {
  const tiki = simulatorForEachTest({ schedule: 'advance', now: () => START });

  const post = (
    path: Parameters<typeof client.post>[1],
    body: object | string,
    call?: SignedCall,
  ) => client.post(tiki(), path, body, { timestamp: START, ...call });
  const get = (target: string, call?: SignedCall) =>
    client.get(tiki(), target, { timestamp: START, ...call });
  const createOrder = () => client.createOrder(tiki(), {}, { timestamp: START });

  const read = async (id: string) => orderOf(await get(`/order?order_id=${id}`));
  const pay = (orderId: string, payment: Partial<Payment> = {}) =>
    tiki().pay({ orderId, ...payment });
  const finish = (verb: 'complete' | 'cancel', order_id: string) =>
    post(`/order/${verb}`, { order_id, comment: 'bridge' });

  it.each(['/order/multi-sku', '/order'] as const)('are created at %s', async (path) => {
    const extra = 'plan=month;from=bridge';
    const items = [
      {
        name: '1 tháng',
        quantity: 2,
        price: 49_000,
        image_url: 'https://a.vn/1.png',
        extra: 'a=b',
      },
      { name: 'Quà', quantity: 1, price: 1 },
    ];
    const answer = await post(path, { ...NEW_ORDER, items, extra, shipping_fee: 15_000 });
    expect(orderOf(answer)).toEqual({
      id: expect.stringMatching(/^[1-9]\d{17}$/) as string,
      status: 'draft',
      grand_total: 113_001,
      tiki_order_id: '',
      tiki_order_code: '',
      extra,
      reference_id: 'o1',
    });
    expect(tiki().orders()).toMatchObject([{ customerId: '1001', grandTotalVnd: 113_001 }]);
  });

  it('are two if created twice, even under one reference', async () => {
    const ids = [await createOrder(), await createOrder()];
    expect(new Set(ids).size).toBe(2);
  });

  it('reach 10,000,000 VND and no more', async () => {
    const priced = (price: number, shipping_fee: number) => ({
      ...NEW_ORDER,
      items: [{ name: 'a', quantity: 1, price }],
      shipping_fee,
    });
    const most = await post(MULTI_SKU, priced(9_999_999, 1));
    expect(most.body).toContain('"grand_total":10000000,');
    for (const [price, fee] of [
      [10_000_000, 1],
      [10_000_001, 0],
      [2 ** 53, 0],
    ] as const) {
      const over = await post(MULTI_SKU, priced(price, fee));
      expect(reasonOf(over)).toBe('ORDER_AMOUNT_LIMIT_EXCEEDED');
    }
    expect(tiki().orders()).toHaveLength(1);
  });

  const item = (changes: object) => ({ items: [{ ...NEW_ORDER.items[0], ...changes }] });
  it.each<[string, object | string, string]>([
    ['no items', { items: [] }, 'INVALID_ITEM'],
    ['items that are none', { items: 'premium' }, 'INVALID_ITEM'],
    ['a price of zero', item({ price: 0 }), 'INVALID_ITEM'],
    ['a negative price', item({ price: -49_000 }), 'INVALID_ITEM'],
    ['a price as text', item({ price: '49000' }), 'INVALID_ITEM'],
    ['no quantity', item({ quantity: undefined }), 'INVALID_ITEM'],
    ['an empty name', item({ name: ' ' }), 'INVALID_ITEM'],
    ['an unknown member of an item', item({ sku: '1' }), 'INVALID_ITEM'],
    ['the same item twice', { items: [...NEW_ORDER.items, ...NEW_ORDER.items] }, 'DUPLICATE_ITEMS'],
    ['a customer as a number', { customer_id: 1001 }, 'invalid_request'],
    ['a customer that is no int64', { customer_id: '9223372036854775808' }, 'invalid_request'],
    ['a negative shipping fee', { shipping_fee: -1 }, 'invalid_request'],
    ['an unknown member', { amount: 49_000 }, 'invalid_request'],
    ['an extra in another form', { extra: '{"plan":"month"}' }, 'invalid_request'],
    ['customer data as text', { customer_info: 'Lan' }, 'invalid_request'],
    ['a fraction', '49000.0', 'invalid_request'],
    ['an exponent', '49e3', 'invalid_request'],
    ['more than an int64', '9223372036854775808', 'invalid_request'],
    ['bytes that are not JSON', '1}', 'invalid_request'],
  ])('are refused with %s', async (_, changes, reason) => {
    const body =
      typeof changes === 'string'
        ? JSON.stringify(NEW_ORDER).replace('49000', changes)
        : { ...NEW_ORDER, ...changes };
    expect(reasonOf(await post(MULTI_SKU, body))).toBe(reason);
    expect(tiki().orders()).toEqual([]);
  });

  it('are not created by a call whose signature is wrong', async () => {
    const answer = await post(MULTI_SKU, NEW_ORDER, { secret: 'other' });
    expect(reasonOf(answer)).toBe('invalid_signature');
    expect(tiki().orders()).toEqual([]);
  });

  it('exist even if the answer to their creation is lost', async () => {
    tiki().setFault({ path: MULTI_SKU, fault: { kind: 'reset' } });
    await expect(createOrder()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(tiki().orders()).toMatchObject([{ status: 'draft', referenceId: 'o1' }]);
  });

  it('are listed oldest first, each once, without unknown ones', async () => {
    const ids = [await createOrder(), await createOrder()];
    const asked = [...ids, '1', ...ids].reverse().join('%2C');
    const answer = await get(`/order/list?order_ids=${asked}`);
    const { data } = JSON.parse(answer.body) as { data: { orders: OrderData[] } };
    expect(data.orders.map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    ['/order', 'invalid_request'],
    ['/order?order_id=', 'invalid_request'],
    ['/order?order_id=1', 'order_not_found'],
    ['/order?order_id=1&order_id=2', 'invalid_request'],
    ['/order?reference_id=o1', 'invalid_request'],
    ['/order/list?order_ids=1,2', 'invalid_request'],
    ['/order/list?order_ids=1%2C', 'invalid_request'],
    ['/order/list?order_ids=%31', 'invalid_request'],
    ['/order/list?order_ids=%FF', 'invalid_request'],
  ])('are not found at %s', async (target, reason) => {
    await createOrder();
    expect(reasonOf(await get(target))).toBe(reason);
  });

  it('are listed up to a hundred at a time, as null if there are none', async () => {
    const list = (count: number) => {
      const ids = Array.from({ length: count }, (_, index) => index).join('%2C');
      return get(`/order/list?order_ids=${ids}`);
    };
    expect((await list(100)).body).toBe('{"data":{"orders":null},"error":null}');
    expect(reasonOf(await list(101))).toBe('invalid_request');
  });

  it('are read with a signature over the path and the query as sent', async () => {
    const id = await createOrder();
    const target = `/order?order_id=${id}`;
    // As if it were a POST without a body.
    const { 'content-type': type, ...headers } = signedHeaders('', { timestamp: START });
    const answer = await http(`${tiki().apiBaseUrl}${target}`, { method: 'GET', headers });
    expect([type, reasonOf(answer)]).toEqual(['application/json', 'invalid_signature']);
    expect((await get(target, { body: '{}' })).body).toContain('invalid_request');
    expect((await get(target)).status).toBe(200);
    expect(tiki().calls.at(-1)).toMatchObject({ method: 'GET', path: target, outcome: 'ok' });
  });

  it('allow the documented methods', async () => {
    const wrong = await http(`${tiki().apiBaseUrl}/order`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, POST']);
    expect((await http(`${tiki().apiBaseUrl}/order/list`)).headers.allow).toBe('GET');
  });

  it('are completed once, after payment', async () => {
    const id = await createOrder();
    expect(reasonOf(await finish('complete', id))).toBe('invalid_order_status');
    pay(id);
    expect(orderOf(await finish('complete', id)).status).toBe('completed');
    expect(reasonOf(await finish('complete', id))).toBe('invalid_order_status');
    expect(reasonOf(await finish('cancel', id))).toBe('invalid_order_status');
    expect(await read(id)).toMatchObject({ status: 'completed' });
  });

  it('are refunded by cancelling them after payment', async () => {
    const [paid, unpaid] = [await createOrder(), await createOrder()];
    pay(paid);
    for (const id of [paid, unpaid]) {
      expect(orderOf(await finish('cancel', id)).status).toBe('canceled');
      expect(reasonOf(await finish('cancel', id))).toBe('invalid_order_status');
    }
    expect(tiki().orders()).toMatchObject([{ refunded: true }, { refunded: false }]);
    expect(() => tiki().trigger({ status: 'online_paid', orderId: paid })).toThrow('is final');
  });

  it.each([
    ['an unknown order', { order_id: '1', comment: '' }, 'order_not_found'],
    ['no comment', { order_id: '1' }, 'invalid_request'],
    ['an id as a number', { order_id: 1, comment: '' }, 'invalid_request'],
    ['a further member', { order_id: '1', comment: '', refund: true }, 'invalid_request'],
  ])('are not completed with %s', async (_, body, reason) => {
    expect(reasonOf(await post('/order/complete', body))).toBe(reason);
  });

  it('move forwards only', async () => {
    const id = await createOrder();
    for (const status of ['waiting_for_verification', 'online_paid', 'on_delivery'] as const) {
      expect(tiki().trigger({ status })).toMatchObject({ id, status });
    }
    expect(() => tiki().trigger({ status: 'processing' })).toThrow('no order can become');
    expect(() => tiki().trigger({ status: 'online_paid', orderId: id })).toThrow(
      'the order is on_delivery and cannot become online_paid',
    );
  });

  it.each<[string, Partial<Payment>, object, string, readonly string[]]>([
    ['pays', {}, { success: 'success' }, 'online_paid', ['online_paid']],
    [
      'cancels',
      { outcome: 'canceled' },
      { fail: 'the customer canceled' },
      'canceled',
      ['canceled'],
    ],
    ['walks away', { outcome: 'walked-away' }, { walkedAway: true }, 'waiting_for_payment', []],
    // The app hears of success, although nothing is paid.
    ['pays in cash', { outcome: 'cash-on-delivery' }, { success: 'success' }, 'processing', []],
  ])('are in the right status when the customer %s', async (_, how, result, status, notified) => {
    const id = await createOrder();
    expect(pay(id, { customerId: '1001', ...how })).toEqual(result);
    expect(await read(id)).toMatchObject({
      status,
      tiki_order_id: expect.stringMatching(/^\d{9}$/) as string,
      tiki_order_code: expect.stringMatching(/^\d{9}$/) as string,
    });
    expect(tiki().messages.map(({ order }) => order.status)).toEqual(notified);
  });

  it('are paid once', async () => {
    const id = await createOrder();
    expect(pay(id)).toEqual({ success: 'success' });
    expect(pay(id)).toEqual({ fail: 'the order is online_paid; it can be paid once' });
    expect(pay('1')).toEqual({ fail: 'there is no order 1' });
    expect(tiki().messages).toHaveLength(1);
  });

  it('can still be paid after the customer walked away', async () => {
    const id = await createOrder();
    pay(id, { outcome: 'walked-away' });
    const before = await read(id);
    expect(pay(id)).toEqual({ success: 'success' });
    expect(await read(id)).toEqual({ ...before, status: 'online_paid' });
  });

  it('are paid by their customer only', async () => {
    const id = await createOrder();
    const other = pay(id, { customerId: '1002' });
    expect(other).toEqual({ fail: 'the order is of another customer' });
    expect(await read(id)).toMatchObject({ status: 'draft' });
  });

  it('are cancelled after four hours, unless paid or to be paid in cash', async () => {
    const outcomes = ['walked-away', 'paid', 'cash-on-delivery'] as const;
    for (const outcome of outcomes) pay(await createOrder(), { outcome });
    await createOrder();
    const statuses = () =>
      tiki()
        .orders()
        .map(({ status }) => status);

    await tiki().advance(4 * HOUR_MS - 1);
    expect(statuses()).toEqual(['waiting_for_payment', 'online_paid', 'processing', 'draft']);
    await tiki().advance(1);
    expect(statuses()).toEqual(['canceled', 'online_paid', 'processing', 'canceled']);
    expect(tiki().messages.map(({ order }) => order.status)).toEqual([
      'online_paid',
      'canceled',
      'canceled',
    ]);
  });

  it('are altered by faults, in each of their answers', async () => {
    const id = await createOrder();
    const members = { grand_total: '49e3', reference_id: '"o2"', note: 'null' };
    tiki().setFault({ path: '*', times: 2, fault: { kind: 'order', members } });
    tiki().setFault({ path: '/order', fault: { kind: 'wrong-types' } });
    const targets = [`/order?order_id=${id}`, `/order/list?order_ids=${id}`];
    for (const target of targets) {
      const { body } = await get(target);
      expect(body).toContain('"grand_total":49e3,');
      expect(body).toContain('"reference_id":"o2","note":null}');
    }
    const { body } = await get(`/order?order_id=${id}`);
    expect(body).toContain(`"order":{"id":${id},`);
    expect(body).toContain('"grand_total":"49000"');
  });
});
