import { DAY_MS } from '../../src/premium/purchase';
import type { Order } from '../../src/payments/order';
import { Problem } from '../../src/problem';
import { HOUR_MS, memoryShop, REFUND_MS, type MemoryShop } from './support/memory-shop';

const UID = 'tiki:100';
const KEY = 'a-key-of-16-chars';

const only = (shop: MemoryShop): Order => {
  const [order, ...more] = shop.orders.values();
  if (!order || more.length > 0) throw new Error('not exactly one order');
  return order;
};

async function placed(planId = 'month') {
  const shop = memoryShop();
  const process = shop.process();
  shop.premium.accounts.set(UID, {});
  const { order } = await process.press(UID, planId, KEY);
  if (order.orderId === null) throw new Error('no order at Tiki');
  return { shop, process, orderId: order.orderId, reference: order.reference };
}

type Placed = Awaited<ReturnType<typeof placed>>;

/** Delivers all messages in their order. */
async function deliverAll({ shop, process }: Placed) {
  for (const message of shop.tiki.messages.splice(0)) await (await process.take(message)).projected;
}

async function paid() {
  const it = await placed();
  it.shop.tiki.become(it.orderId, 'paid');
  await deliverAll(it);
  return it;
}

const until = ({ shop }: Placed) => shop.premium.documents.get(UID)?.premiumUntil;
const claims = ({ shop }: Placed) => shop.premium.accounts.get(UID);

describe('an order', () => {
  it('is stored here before it is created at Tiki', async () => {
    const shop = memoryShop();
    let stateBefore: string | undefined;
    const process = shop.process((place) => {
      if (place === 'tiki create') stateBefore = only(shop).state;
      return Promise.resolve();
    });
    await process.press(UID, 'month', KEY);

    expect(stateBefore).toBe('creating');
    expect(only(shop)).toMatchObject({
      state: 'waiting',
      priceVnd: 49_000,
      days: 30,
      paidAt: null,
    });
    expect(shop.tiki.orderOf(only(shop).orderId ?? '')).toMatchObject({
      reference: only(shop).reference,
      amountVnd: 49_000n,
    });
  });

  it('is one, however often the button is pressed', async () => {
    const shop = memoryShop();
    const presses = [1, 2, 3].map(() => shop.process().press(UID, 'month', KEY));
    const references = (await Promise.all(presses)).map(({ order }) => order.reference);
    await shop.process().press(UID, 'month', KEY);

    expect(new Set(references).size).toBe(1);
    expect(shop.tiki.created).toBe(1);
  });

  it('is another one for another user with the same key', async () => {
    const shop = memoryShop();
    await shop.process().press(UID, 'month', KEY);
    await shop.process().press('tiki:200', 'year', KEY);

    expect([...shop.orders.values()].map(({ uid }) => uid)).toEqual([UID, 'tiki:200']);
  });

  it('is not changed to another plan by the same key', async () => {
    const { process, shop } = await placed();

    await expect(process.press(UID, 'year', KEY)).rejects.toMatchObject({ code: 'conflict' });
    expect(shop.tiki.created).toBe(1);
  });

  it('is created by a repeated press after Tiki has certainly refused the first one', async () => {
    const shop = memoryShop();
    const problem = new Problem('tiki-unavailable');
    const down = shop.process(undefined, {
      create: () => Promise.resolve({ kind: 'not-created', problem }),
    });

    await expect(down.press(UID, 'month', KEY)).rejects.toBe(problem);
    expect(only(shop)).toMatchObject({ state: 'creating', sentAt: null });
    await shop.process().press(UID, 'month', KEY);
    expect(only(shop)).toMatchObject({ state: 'waiting' });
  });

  it('is created when Firestore’s client repeats a write that it had made', async () => {
    const shop = memoryShop();
    const { change } = shop.process().effects.store;
    const process = shop.process(
      undefined,
      {},
      {
        change: async (place, decide) => {
          // The write is made, and its repetition finds that the document is there.
          await change(place, decide);
          return change(place, decide);
        },
      },
    );
    const { order } = await process.press(UID, 'month', KEY);

    expect(order).toMatchObject({ state: 'waiting' });
    expect(shop.tiki.created).toBe(1);
  });

  it('is never sent again when nobody knows whether Tiki has it', async () => {
    const shop = memoryShop();
    const { create } = shop.process().effects.payments;
    const cut = shop.process(undefined, {
      create: async (order, context) => {
        await create(order, context);
        return { kind: 'unclear', problem: new Problem('tiki-timeout') };
      },
    });

    await expect(cut.press(UID, 'month', KEY)).rejects.toMatchObject({ code: 'tiki-timeout' });
    const { order } = await shop.process().press(UID, 'month', KEY);
    expect(order).toMatchObject({ state: 'abandoned', orderId: null });
    expect(shop.tiki.created).toBe(1);

    // It was there, and somebody paid it.
    const [id = ''] = shop.tiki.orders.keys();
    shop.tiki.become(id, 'paid');
    for (const message of shop.tiki.messages) await shop.process().take(message);
    expect(only(shop)).toMatchObject({ state: 'paid', orderId: id });
  });
});

describe('a payment', () => {
  it('opens premium on the account and gives a receipt', async () => {
    const it = await paid();
    const end = it.shop.premium.now + 30 * DAY_MS;

    expect(only(it.shop)).toMatchObject({ state: 'paid', paidAt: it.shop.premium.now });
    expect(until(it)).toBe(end);
    expect(claims(it)).toEqual({ premiumAccount: true, premiumUntil: end });
    expect(it.shop.receipts.get(`${UID}/${it.reference}`)).toMatchObject({
      ...{ state: 'paid', priceVnd: 49_000, refundedAt: null },
    });
  });

  it('has no second effect when its message is repeated, or another one says the same', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'paid');
    const [message] = it.shop.tiki.messages;
    if (!message) throw new Error('no message');
    await (
      await it.process.take(message)
    ).projected;
    const before = [only(it.shop), it.shop.premium.documents.get(UID)];
    await (
      await it.process.take(message)
    ).projected;
    expect([only(it.shop), it.shop.premium.documents.get(UID)]).toEqual(before);

    await it.process.take({ ...message, messageId: 'another', createdAt: message.createdAt - 5 });
    expect(it.shop.messages.size).toBe(2);
    expect(only(it.shop).watermark).toBe(message.createdAt);
    expect(it.shop.premium.documents.get(UID)?.purchases).toHaveLength(1);
  });

  it('is withdrawn when the order is cancelled, and stays so whatever is repeated', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'paid');
    it.shop.tiki.become(it.orderId, 'canceled');
    const [paidMessage, canceled] = it.shop.tiki.messages;
    if (!paidMessage || !canceled) throw new Error('no messages');
    await it.process.take(canceled);
    await it.process.take(paidMessage);

    expect(only(it.shop)).toMatchObject({ state: 'canceled', paidAt: null, refundedAt: null });
    expect(until(it)).toBeUndefined();
  });

  it('takes premium away again when it is refunded', async () => {
    const it = await paid();
    it.shop.tiki.become(it.orderId, 'canceled');
    await deliverAll(it);

    expect(only(it.shop)).toMatchObject({ state: 'canceled', refundedAt: it.shop.premium.now });
    expect(until(it)).toBeNull();
    expect(claims(it)).toEqual({});
    expect(it.shop.receipts.get(`${UID}/${it.reference}`)).toMatchObject({ state: 'canceled' });
  });

  it('is not assumed of an order that is only being delivered: cash on delivery', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'delivering', false);
    it.shop.premium.now += HOUR_MS;
    const { findings } = await it.process.reconcile();

    expect(findings).toEqual([{ reference: it.reference, kind: 'unpaid' }]);
    expect(only(it.shop)).toMatchObject({ state: 'waiting', platformStatus: 'on_delivery' });
    expect(until(it)).toBeUndefined();
  });

  it('counts when its message comes after the delivery has begun', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'paid');
    it.shop.tiki.become(it.orderId, 'delivering', false);
    await deliverAll(it);

    expect(only(it.shop)).toMatchObject({ state: 'paid' });
  });
});

describe('the reconciler', () => {
  it('finds a payment whose messages are lost', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'paid', false);
    it.shop.premium.now += HOUR_MS;

    expect(await it.process.reconcile()).toMatchObject({ looked: 1, repaired: 1, findings: [] });
    expect(claims(it)).toMatchObject({ premiumAccount: true });
    expect(await it.process.reconcile()).toMatchObject({ looked: 0 });
  });

  it('completes an order at Tiki when it can no longer be refunded, and not before', async () => {
    const it = await paid();
    it.shop.premium.now += REFUND_MS - 1;
    await it.process.reconcile();
    expect(it.shop.tiki.completed).toEqual([]);

    it.shop.premium.now += 1;
    expect(await it.process.reconcile()).toMatchObject({ completed: 1, findings: [] });
    expect(it.shop.tiki.completed).toEqual([it.orderId]);
    expect(only(it.shop)).toMatchObject({ state: 'completed', dueAt: null });
    it.shop.premium.now += REFUND_MS;
    expect(await it.process.reconcile()).toMatchObject({ looked: 0 });
  });

  it('gives up an order whose creation ended with its process', async () => {
    const shop = memoryShop();
    void shop
      .process((place) =>
        place === 'tiki create' ? new Promise(() => undefined) : Promise.resolve(),
      )
      .press(UID, 'month', KEY);
    await new Promise(setImmediate);
    expect(only(shop).state).toBe('creating');
    shop.premium.now += HOUR_MS;
    await shop.process().reconcile();

    expect(only(shop)).toMatchObject({ state: 'abandoned', dueAt: null });
  });

  it('withdraws nothing when Tiki suddenly cancels many paid orders', async () => {
    const shop = memoryShop();
    const process = shop.process();
    for (let user = 1; user <= 6; user += 1) {
      shop.premium.accounts.set(`tiki:${user}`, {});
      const { order } = await process.press(`tiki:${user}`, 'month', KEY);
      shop.tiki.become(order.orderId ?? '', 'paid');
    }
    for (const message of shop.tiki.messages) await process.take(message);
    for (const id of shop.tiki.orders.keys()) shop.tiki.become(id, 'canceled', false);
    shop.premium.now += HOUR_MS;
    const { findings } = await process.reconcile();
    expect(findings.map(({ kind }) => kind)).toEqual(Array(6).fill('withheld'));
    expect(shop.premium.documents.get('tiki:1')?.premiumUntil).not.toBeNull();

    shop.premium.now += HOUR_MS;
    expect(await process.reconcile({ removeAny: true })).toMatchObject({ repaired: 6 });
    expect(shop.premium.documents.get('tiki:1')?.premiumUntil).toBeNull();
  });

  it('reports an order that Tiki does not know, and changes nothing but its account', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'paid');
    const [message] = it.shop.tiki.messages;
    if (!message) throw new Error('no message');
    const cut = it.shop.process((place) =>
      place === 'order written' ? new Promise(() => undefined) : Promise.resolve(),
    );
    void cut.take(message);
    await new Promise(setImmediate);
    expect(claims(it)).toEqual({});
    it.shop.tiki.orders.clear();
    it.shop.premium.now += HOUR_MS;

    expect(await it.process.reconcile()).toMatchObject({ findings: [{ kind: 'missing' }] });
    expect(only(it.shop).state).toBe('paid');
    expect(claims(it)).toMatchObject({ premiumAccount: true });
  });

  it('does not come back to an order that Tiki never gave an id', async () => {
    const shop = memoryShop();
    const problem = new Problem('tiki-timeout');
    const cut = shop.process(undefined, {
      create: () => Promise.resolve({ kind: 'unclear', problem }),
    });
    await expect(cut.press(UID, 'month', KEY)).rejects.toBe(problem);
    const { reference } = only(shop);

    expect(await cut.reconcile({ reference })).toMatchObject({ looked: 1, findings: [] });
    expect(only(shop)).toMatchObject({ state: 'abandoned', dueAt: null });
  });

  it('goes on after an order that it fails on, whatever the reason', async () => {
    const it = await paid();
    const other = await it.process.press('tiki:200', 'month', KEY);
    it.shop.premium.accounts.set('tiki:200', {});
    it.shop.tiki.become(other.order.orderId ?? '', 'paid');
    await deliverAll(it);
    it.shop.premium.now += REFUND_MS;
    const { complete } = it.process.effects.payments;
    const broken = it.shop.process(undefined, {
      complete: (id, ...more) =>
        id === it.orderId ? Promise.reject(new TypeError('a bug')) : complete(id, ...more),
    });

    expect(await broken.reconcile()).toMatchObject({
      looked: 2,
      completed: 1,
      findings: [{ reference: it.reference, kind: 'not-completed', detail: 'TypeError: a bug' }],
    });
  });

  it('counts as completed only what Tiki says is', async () => {
    const it = await paid();
    it.shop.premium.now += REFUND_MS;
    const slow = it.shop.process(undefined, {
      complete: (id) => Promise.resolve(it.shop.tiki.orderOf(id)),
    });

    expect(await slow.reconcile()).toMatchObject({
      completed: 0,
      findings: [{ kind: 'not-completed', detail: 'online_paid' }],
    });
    it.shop.premium.now += HOUR_MS;
    expect(await it.process.reconcile()).toMatchObject({ completed: 1, findings: [] });
  });
});

describe('a refund by the operator', () => {
  it('is paid by Tiki while the order is not completed', async () => {
    const it = await paid();

    expect(await it.process.refund(it.reference)).toMatchObject({ how: 'by-tiki' });
    expect(it.shop.tiki.orderOf(it.orderId).progress).toBe('canceled');
    expect(claims(it)).toEqual({});
    expect(await it.process.refund(it.reference)).toMatchObject({ how: 'by-tiki' });
  });

  it('has to be paid by hand afterwards, and is recorded', async () => {
    const it = await paid();
    it.shop.premium.now += REFUND_MS;
    await it.process.reconcile();

    expect(await it.process.refund(it.reference)).toMatchObject({ how: 'by-hand' });
    const at = only(it.shop).refundedAt;
    expect(only(it.shop)).toMatchObject({ state: 'completed', refundedAt: it.shop.premium.now });
    expect(claims(it)).toEqual({});
    it.shop.premium.now += HOUR_MS;
    expect(await it.process.refund(it.reference)).toMatchObject({ how: 'by-hand' });
    expect(only(it.shop).refundedAt).toBe(at);
    expect(it.shop.tiki.orderOf(it.orderId).progress).toBe('completed');
  });

  it('cancels an order that was paid with another amount, and gave nothing', async () => {
    const it = await placed();
    it.shop.tiki.orders.set(it.orderId, { ...it.shop.tiki.orderOf(it.orderId), amountVnd: 1n });
    it.shop.tiki.become(it.orderId, 'paid');

    expect(await it.process.refund(it.reference)).toMatchObject({ how: 'by-tiki' });
    expect(it.shop.tiki.orderOf(it.orderId).progress).toBe('canceled');
    expect(only(it.shop)).toMatchObject({ state: 'canceled', paidAt: null });
    expect(claims(it)).toEqual({});
  });

  it('is none of an order that nobody paid', async () => {
    const it = await placed();

    expect(await it.process.refund(it.reference)).toMatchObject({ how: 'not-paid' });
    expect(it.shop.tiki.orderOf(it.orderId).progress).toBe('waiting');
  });
});
