import { createCheckout } from '../../src/payments/checkout';
import type { Order } from '../../src/payments/order';
import { createReconcile } from '../../src/payments/reconcile';
import { makeStatement } from '../../src/payments/statement';
import { EntitlementError } from '../../src/premium/entitlement-error';
import { DAY_MS } from '../../src/premium/purchase';
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

    expect(findings).toMatchObject([{ reference: it.reference, kind: 'unpaid', mayPass: false }]);
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
    const { reference } = it;
    it.shop.premium.now += REFUND_MS - 1;
    expect(await it.process.reconcile({ reference })).toMatchObject({ completed: 0, findings: [] });
    expect(it.shop.tiki.completed).toEqual([]);

    it.shop.premium.now += HOUR_MS;
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
    expect(await process.reconcile()).toMatchObject({ looked: 0 });

    // At once: the operator has read the log entry.
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
      findings: [
        {
          reference: it.reference,
          kind: 'not-completed',
          detail: 'TypeError: a bug',
          mayPass: true,
        },
      ],
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

describe('the reconciler, where an order must not be completed', () => {
  it.each(['unknown', 'waiting'] as const)(
    'says so: Tiki says %s of a paid one',
    async (progress) => {
      const it = await paid();
      it.shop.tiki.become(it.orderId, progress, false);
      it.shop.premium.now += REFUND_MS + HOUR_MS;

      expect(await it.process.reconcile()).toMatchObject({
        completed: 0,
        findings: [{ kind: progress === 'unknown' ? 'unknown-status' : 'differs' }],
      });
      expect(it.shop.tiki.completed).toEqual([]);
      expect(only(it.shop)).toMatchObject({ state: 'paid' });
      it.shop.tiki.become(it.orderId, 'paid', false);
      it.shop.premium.now += HOUR_MS;
      expect(await it.process.reconcile()).toMatchObject({ completed: 1, findings: [] });
      expect(only(it.shop)).toMatchObject({ state: 'completed', troubleSince: null });
    },
  );

  it('trusts no clock but Firestore’s', async () => {
    const it = await paid();
    const ahead = it.shop.process(undefined, {}, { aheadMs: 25 * HOUR_MS });

    expect(await ahead.reconcile()).toMatchObject({ looked: 1, completed: 0, findings: [] });
    expect(it.shop.tiki.completed).toEqual([]);
  });

  it('keeps the time for refunds with which it was ordered', async () => {
    const shop = memoryShop();
    const process = shop.process();
    const checkout = createCheckout({ ...process.effects, refundMs: 7 * DAY_MS });
    shop.premium.accounts.set(UID, {});
    const asked = { uid: UID, customerId: '100', planId: 'month', idempotencyKey: KEY };
    const { order } = await checkout(asked, { deadline: () => 8_000, caller: 'test' });
    shop.tiki.become(order.orderId ?? '', 'paid', false);
    shop.premium.now += HOUR_MS;
    expect(await process.reconcile()).toMatchObject({ repaired: 1 });

    shop.premium.now += 7 * DAY_MS - 1;
    expect(await process.reconcile()).toMatchObject({ looked: 1, completed: 0 });
    shop.premium.now += HOUR_MS;
    expect(await process.reconcile()).toMatchObject({ completed: 1 });
  });

  it('says so where the customer was deleted, whom a refund does not bring back', async () => {
    const it = await paid();
    await it.shop.premium.service.remove(UID);
    it.shop.receipts.clear();
    it.shop.premium.now += REFUND_MS + HOUR_MS;

    expect(await it.process.reconcile()).toMatchObject({ findings: [{ kind: 'no-purchase' }] });
    expect(it.shop.tiki.completed).toEqual([]);
    expect(await it.process.refund(it.reference)).toMatchObject({ how: 'by-tiki' });
    expect(it.shop.premium.documents.size).toBe(0);
    expect(it.shop.receipts.size).toBe(0);
    it.shop.premium.now += HOUR_MS;
    expect(await it.process.reconcile()).toMatchObject({ looked: 0 });
  });
});

describe('the reconciler, where it cannot go on by itself', () => {
  it('takes the word of an operator who has seen the payment of an order in delivery', async () => {
    const it = await placed();
    const { reference } = it;
    it.shop.tiki.become(it.orderId, 'paid', false);
    it.shop.tiki.become(it.orderId, 'delivering', false);
    expect(await it.process.reconcile({ reference })).toMatchObject({
      findings: [{ kind: 'unpaid' }],
    });

    expect(await it.process.reconcile({ reference, isPaid: true })).toMatchObject({
      ...{ repaired: 1, findings: [] },
    });
    expect(until(it)).toBe(it.shop.premium.now + 30 * DAY_MS);
    it.shop.premium.now += REFUND_MS + HOUR_MS;
    expect(await it.process.reconcile()).toMatchObject({ completed: 1, findings: [] });
    expect(it.shop.premium.documents.get(UID)?.purchases).toHaveLength(1);
  });

  it('takes nobody’s word about an order that is not being delivered', async () => {
    const it = await placed();

    await it.process.reconcile({ reference: it.reference, isPaid: true });
    expect(only(it.shop)).toMatchObject({ state: 'waiting' });
  });

  it('reports a status that is not documented', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'unknown', false);
    it.shop.premium.now += HOUR_MS;

    expect((await it.process.reconcile()).findings).toEqual([
      { reference: it.reference, kind: 'unknown-status', detail: 'new_word', mayPass: false },
    ]);
  });

  it('reports another amount with both of them, and records nothing', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'paid', false);
    const order = it.shop.tiki.orderOf(it.orderId);
    it.shop.tiki.orders.set(it.orderId, { ...order, amountVnd: 44_000n });
    it.shop.premium.now += HOUR_MS;

    expect((await it.process.reconcile()).findings).toEqual([
      {
        ...{ reference: it.reference, kind: 'mismatch', mayPass: false },
        detail: 'amount: 44000 VND at Tiki, not 49000',
      },
    ]);
    expect(only(it.shop)).toMatchObject({ state: 'waiting' });
    expect(until(it)).toBeUndefined();
  });

  it('says that a final order differs from Tiki’s, when it is asked about it', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'canceled');
    await deliverAll(it);
    const order = it.shop.tiki.orderOf(it.orderId);
    it.shop.tiki.orders.set(it.orderId, { ...order, progress: 'paid', status: 'online_paid' });

    expect(await it.process.reconcile({ reference: it.reference })).toMatchObject({
      findings: [{ kind: 'differs', detail: 'canceled, online_paid at Tiki' }],
    });
    expect(only(it.shop)).toMatchObject({ state: 'canceled', dueAt: null });
  });

  it('withdraws premium whose days an operator has corrected', async () => {
    const it = await paid();
    const entitlement = it.shop.premium.documents.get(UID);
    const [purchase] = entitlement?.purchases ?? [];
    if (!entitlement || !purchase) throw new Error('no purchase');
    const corrected = { id: purchase.id, at: purchase.at, status: purchase.status, days: 31 };
    it.shop.premium.documents.set(UID, { ...entitlement, purchases: [corrected] });
    it.shop.tiki.become(it.orderId, 'canceled', false);
    it.shop.premium.now += HOUR_MS;

    expect(await it.process.reconcile()).toMatchObject({ repaired: 1, findings: [] });
    expect(claims(it)).toEqual({});
  });

  it('turns a failure that may pass into one for an operator after an hour', async () => {
    const it = await placed();
    it.shop.tiki.become(it.orderId, 'paid', false);
    const down = it.shop.process(undefined, {
      list: () => Promise.reject(new Problem('tiki-unavailable')),
    });
    it.shop.premium.now += HOUR_MS;
    const failed = { reference: it.reference, kind: 'failed', detail: 'tiki-unavailable' };

    expect((await down.reconcile()).findings).toEqual([{ ...failed, mayPass: true }]);
    // Postponed: those after it have their turn first.
    expect(await down.reconcile()).toMatchObject({ looked: 0 });
    it.shop.premium.now += HOUR_MS;
    expect((await down.reconcile()).findings).toEqual([{ ...failed, mayPass: false }]);
    it.shop.premium.now += HOUR_MS;
    expect(await it.process.reconcile()).toMatchObject({ repaired: 1, findings: [] });
    expect(only(it.shop)).toMatchObject({ state: 'paid', troubleSince: null });
  });

  it('does not wait an hour with a failure that does not pass', async () => {
    const it = await paid();
    const entitlement = it.shop.premium.documents.get(UID);
    if (!entitlement) throw new Error('no purchase');
    it.shop.premium.documents.set(UID, { ...entitlement, version: entitlement.version + 1 });
    const error = new EntitlementError('claims-too-large', 'too large');
    const broken = createReconcile({
      ...it.process.effects,
      project: () => Promise.reject(error),
    });
    it.shop.premium.now += HOUR_MS;

    expect((await broken()).findings).toEqual([
      {
        ...{ reference: it.reference, kind: 'not-projected' },
        ...{ detail: 'claims-too-large', mayPass: false },
      },
    ]);
  });

  it('finds the one order that Tiki stumbles over, and settles the others', async () => {
    const shop = memoryShop();
    const process = shop.process();
    for (let user = 1; user <= 5; user += 1) {
      shop.premium.accounts.set(`tiki:${user}`, {});
      const { order } = await process.press(`tiki:${user}`, 'month', KEY);
      shop.tiki.become(order.orderId ?? '', 'paid', false);
    }
    const [first, , third] = shop.orders.values();
    const { list } = process.effects.payments;
    const stumbling = shop.process(undefined, {
      list: (ids, context) =>
        ids.includes(third?.orderId ?? '')
          ? Promise.reject(new Problem('tiki-bad-response'))
          : list(ids, context),
    });
    shop.premium.now += HOUR_MS;

    expect(await stumbling.reconcile()).toMatchObject({
      ...{ looked: 5, repaired: 4 },
      findings: [{ reference: third?.reference, kind: 'failed', detail: 'tiki-bad-response' }],
    });
    expect(shop.orders.get(first?.reference ?? '')).toMatchObject({ state: 'paid' });
  });

  it('puts malformed orders aside, and counts them apart', async () => {
    const it = await placed();
    for (let each = 1; each <= 1_100; each += 1) it.shop.malformed.set(`broken-${each}`, 0);
    it.shop.tiki.become(it.orderId, 'paid', false);
    it.shop.premium.now += HOUR_MS;

    const { findings, ...counts } = await it.process.reconcile();
    expect(counts).toEqual({ looked: 1, repaired: 1, completed: 0, isFinished: true });
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['malformed']));
    expect((await it.process.reconcile()).findings).toEqual([]);
  });

  it('brakes, at whatever time of an hour the orders were paid', async () => {
    const shop = memoryShop();
    const process = shop.process();
    for (let user = 1; user <= 48; user += 1) {
      shop.premium.accounts.set(`tiki:${user}`, {});
      const { order } = await process.press(`tiki:${user}`, 'month', KEY);
      shop.tiki.become(order.orderId ?? '', 'paid');
      for (const message of shop.tiki.messages.splice(0)) {
        await (
          await process.take(message)
        ).projected;
      }
      shop.premium.now += HOUR_MS / 48;
      await process.reconcile();
    }
    for (const id of shop.tiki.orders.keys()) shop.tiki.become(id, 'canceled', false);
    const kinds = new Set<string>();
    for (let minutes = 0; minutes <= 120; minutes += 5) {
      for (const { kind } of (await process.reconcile()).findings) kinds.add(kind);
      shop.premium.now += 5 * 60_000;
    }

    expect(kinds).toEqual(new Set(['withheld']));
    expect([...shop.orders.values()].filter(({ state }) => state !== 'paid')).toEqual([]);
  });
});

describe('the statement', () => {
  const DAY = { from: 0, to: 1 };

  it('has an order that is not settled, however long nothing has changed here', async () => {
    const it = await paid();
    it.shop.premium.now += 3 * DAY_MS;
    const since = { from: it.shop.premium.now - DAY_MS, to: it.shop.premium.now };
    expect((await makeStatement(it.process.effects, since)).differences).toEqual([]);
    it.shop.tiki.become(it.orderId, 'canceled', false);

    expect((await makeStatement(it.process.effects, since)).differences).toEqual([
      { reference: it.reference, orderId: it.orderId, what: 'state' },
    ]);
  });

  it('compares again what somebody has paid between two answers', async () => {
    const it = await placed();
    const { store } = it.process.effects;
    const paying = {
      ...it.process.effects,
      store: {
        ...store,
        due: async function* (now: number) {
          for await (const page of store.due(now)) {
            it.shop.tiki.become(it.orderId, 'paid');
            yield page;
          }
        },
      },
      clock: { ...it.process.effects.clock, sleep: () => deliverAll(it) },
    };

    expect((await makeStatement(paying, DAY)).differences).toEqual([]);
    expect(only(it.shop)).toMatchObject({ state: 'paid' });
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

  it('is none of an order that is not there, or not the one that was created', async () => {
    const it = await placed();
    await expect(it.process.refund(`o${'0'.repeat(31)}`)).rejects.toMatchObject({
      code: 'not-found',
    });
    const atTiki = it.shop.tiki.orderOf(it.orderId);
    it.shop.tiki.orders.set(it.orderId, { ...atTiki, reference: 'of somebody else' });
    await expect(it.process.refund(it.reference)).rejects.toMatchObject({
      code: 'tiki-bad-response',
    });
    expect(it.shop.tiki.orderOf(it.orderId).progress).toBe('waiting');
  });

  it('is none of an order that nobody paid', async () => {
    const it = await placed();

    expect(await it.process.refund(it.reference)).toMatchObject({ how: 'not-paid' });
    expect(it.shop.tiki.orderOf(it.orderId).progress).toBe('waiting');
  });
});
