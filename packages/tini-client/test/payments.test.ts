import { BEHAVIOURS, type Callbacks } from '@tiki-bridge/testing/tini-runtime/behaviour';
import { LEFT, PAID, PLANS } from '@tiki-bridge/testing/tini-runtime/payments';
import { withPayments } from '@tiki-bridge/testing/tini-runtime/payments-scene';
import { clientForTests, paths, START } from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();
const shop = () => withPayments(scene());

const DAY_MS = 86_400_000;

/** A purchase that failed like this. */
const failed = (code: string, outcome: string) => ({ code, extras: { outcome } });

describe('plans', () => {
  it('are there without a login', async () => {
    const { firebase } = await shop();
    await firebase.signOut();
    expect(await firebase.payments().plans()).toEqual(PLANS);
  });

  it.each([429, 500, 503])('are asked for again after %d', async (status) => {
    const { firebase, finish, server, phone } = await shop();
    server.answers.push({ path: '/plans', answer: json(status, {}) });
    expect(await finish(firebase.payments().plans())).toEqual(PLANS);
    expect(paths(phone.requests)).toEqual(['/plans', '/plans']);
  });
});

describe('a purchase', () => {
  it('orders, pays, waits for the bridge, and ends with premium', async () => {
    const { firebase, buy, phone, bridge, last, steps } = await shop();
    expect(firebase.isPremium()).toBe(false);
    const order = await buy();

    expect(last()).toMatchObject({ planId: 'month', priceVnd: 49_000, state: 'paid' });
    expect({ ...(order as object), uid: 'tiki:1001' }).toEqual(last());
    expect(firebase.isPremium()).toBe(true);
    expect(steps).toEqual(['ordering', 'paying', 'confirming', 'opening']);
    const { reference } = last();
    expect(paths(phone.requests)).toEqual([
      '/orders',
      `/orders/${reference}`,
      '/securetoken/v1/token',
    ]);
    expect(bridge.faults).toEqual([]);
  });

  it.each(Object.entries(BEHAVIOURS))('works where my answers with %s', async (_, behaviour) => {
    const { buy, firebase, phone, bridge } = await shop();
    phone.behaviour = behaviour;
    expect(await buy()).toMatchObject({ state: 'paid' });
    expect(firebase.isPremium()).toBe(true);
    expect(bridge.orders.size).toBe(1);
  });

  it.each<[Callbacks, object]>([
    ['twice', { state: 'paid' }],
    ['both', { state: 'paid' }],
    ['synchronously', { state: 'paid' }],
    ['late', { state: 'paid' }],
    // Then only the bridge knows.
    ['never', { state: 'paid' }],
    ['complete only', { state: 'paid' }],
    ['throws', failed('payment-unfinished', 'not-done')],
  ])('ends where my.makePayment calls back %s', async (callbacks, result) => {
    const { buy, phone, time } = await shop();
    phone.callbacks.set('makePayment', callbacks);
    expect(await buy()).toMatchObject(result);
    expect(time.pending()).toBe(0);
  });

  it('waits for a notification of Tiki that is late, and then for the claims', async () => {
    const { firebase, finish, phone, server, bridge, last, time } = await shop();
    phone.pay = () => PAID;
    const bought = firebase.payments().buy('month');
    await time.advance(20_000);
    bridge.pay(last());
    await time.advance(14_000);
    expect(firebase.isPremium()).toBe(false);
    server.claims = { premiumAccount: true, premiumUntil: last().premiumUntil };
    expect(await finish(bought)).toMatchObject({ state: 'paid' });
    expect(firebase.isPremium()).toBe(true);
  });

  it('ends with the new end in the token of a customer who had premium', async () => {
    const { firebase, finish, phone, server, bridge, last, time } = await shop();
    const before = START + DAY_MS;
    server.claims = { premiumAccount: true, premiumUntil: before };
    await firebase.getIdToken({ forceRefresh: true });
    phone.pay = () => {
      bridge.pay(last());
      return PAID;
    };
    const bought = firebase.payments().buy('month');
    await time.advance(500);
    expect(firebase.claims?.premiumUntil).toBe(before);
    server.claims = { premiumAccount: true, premiumUntil: last().premiumUntil };
    await finish(bought);
    expect(firebase.claims?.premiumUntil).toBe(last().premiumUntil);
  });

  it('is done even if the token cannot be refreshed', async () => {
    const { buy, firebase, server } = await shop();
    const busy = { path: '/securetoken', answer: json(503, {}) };
    server.answers.push(...Array.from({ length: 12 }, () => busy));
    expect(await buy()).toMatchObject({ state: 'paid' });
    expect(firebase.isPremium()).toBe(false);
  });
});

it('is done even if the account is disabled after the payment', async () => {
  const { buy, server } = await shop();
  server.answers.push({ path: '/securetoken', answer: googleError(400, 'USER_DISABLED') });
  expect(await buy()).toMatchObject(failed('user-disabled', 'done'));
});

describe('two taps', () => {
  it('are one purchase, and both see its progress', async () => {
    const { firebase, finish, phone, bridge } = await shop();
    const { buy } = firebase.payments();
    const seen: string[] = [];
    const both = [1, 2].map((tap) =>
      buy('month', { onProgress: ({ step }) => void seen.push(`${step} ${tap}`) }),
    );
    const [first, second] = (await finish(Promise.all(both))) as readonly unknown[];
    expect(first).toBe(second);
    expect(phone.payments).toHaveLength(1);
    expect(bridge.orders.size).toBe(1);
    expect(seen.slice(-2)).toEqual(['opening 1', 'opening 2']);
  });

  it('on two plans buy the first', async () => {
    const { firebase, finish, phone } = await shop();
    const { buy } = firebase.payments();
    const both = await finish(Promise.allSettled([buy('month'), buy('year')]));
    expect(both).toMatchObject([
      { value: { planId: 'month' } },
      { reason: failed('failed-precondition', 'not-done') },
    ]);
    expect(phone.payments).toHaveLength(1);
  });

  it('one after the other, when the first was paid, are two purchases', async () => {
    const { buy, bridge, keys } = await shop();
    await buy();
    await buy();
    expect(new Set(keys()).size).toBe(2);
    expect([...bridge.orders.values()].map(({ state }) => state)).toEqual(['paid', 'paid']);
  });
});

describe('a payment that the user left', () => {
  it('is not done, and the next press goes on with the same order', async () => {
    const { buy, phone, bridge, receive } = await shop();
    phone.pay = () => LEFT;
    expect(await buy()).toMatchObject({
      ...failed('payment-unfinished', 'not-done'),
      message: 'Bạn chưa thanh toán.',
    });
    expect(await buy()).toMatchObject(failed('payment-unfinished', 'not-done'));
    phone.pay = () => {
      receive();
      return PAID;
    };
    expect(await buy()).toMatchObject({ state: 'paid' });
    expect(new Set(phone.payments).size).toBe(1);
    expect(bridge.orders.size).toBe(1);
  });

  it('is not done if the order was cancelled, and the next press is another order', async () => {
    const { buy, phone, bridge, last, receive } = await shop();
    phone.pay = () => {
      bridge.change(last(), { state: 'canceled', canceledAt: START });
      return LEFT;
    };
    expect(await buy()).toMatchObject(failed('payment-canceled', 'not-done'));
    phone.pay = () => {
      receive();
      return PAID;
    };
    expect(await buy()).toMatchObject({ state: 'paid' });
    expect(new Set(phone.payments).size).toBe(2);
  });

  it('is another order if Tiki has cancelled it since', async () => {
    const { buy, phone, bridge, last, receive } = await shop();
    phone.pay = () => LEFT;
    await buy();
    bridge.change(last(), { state: 'canceled', canceledAt: START });
    phone.pay = () => {
      receive();
      return PAID;
    };
    expect(await buy()).toMatchObject({ state: 'paid' });
    expect(new Set(phone.payments).size).toBe(2);
  });

  it('is unknown if Tiki never says that it was closed', async () => {
    const { buy, phone, bridge } = await shop();
    phone.pay = () => LEFT;
    phone.callbacks.set('makePayment', 'never');
    expect(await buy()).toMatchObject(failed('payment-unfinished', 'unknown'));
    phone.callbacks.clear();
    await buy();
    expect(bridge.orders.size).toBe(1);
  });

  it('is done if the bridge knows better', async () => {
    const { buy, phone, receive } = await shop();
    phone.pay = () => {
      receive();
      return LEFT;
    };
    expect(await buy()).toMatchObject({ state: 'paid' });
  });
});

it('says of cash on delivery that its outcome is unknown, until it is paid', async () => {
  const { buy, phone, bridge, last, receive, steps } = await shop();
  phone.pay = () => PAID;
  expect(await buy()).toMatchObject({
    ...failed('payment-pending', 'unknown'),
    message: 'Đơn hàng đang chờ thanh toán.',
  });
  // Tiki takes one payment for one order.
  phone.pay = () => LEFT;
  expect(await buy()).toMatchObject(failed('payment-pending', 'unknown'));
  receive(last());
  steps.length = 0;
  expect(await buy()).toMatchObject({ state: 'paid' });
  expect(steps).toEqual(['ordering', 'opening']);
  expect(phone.payments).toHaveLength(2);
  expect(bridge.orders.size).toBe(1);
});

it.each([
  ['invalid-request', 400],
  ['forbidden', 403],
  ['not-found', 404],
  ['conflict', 409],
  ['rate-limited', 429],
  ['misconfigured', 500],
  ['tiki-bad-response', 502],
  ['not-configured', 503],
  ['tiki-timeout', 504],
])('is not done if the order fails with %s', async (code, status) => {
  const { buy, phone, server } = await shop();
  const refused = { path: '/orders', answer: problem(status, code) };
  server.answers.push(...Array.from({ length: 3 }, () => refused));
  expect(await buy()).toMatchObject(failed(code, 'not-done'));
  expect(phone.payments).toEqual([]);
});

it('is not done while Tiki does not answer the bridge, and then another order', async () => {
  const { buy, phone, bridge } = await shop();
  bridge.tikiAnswers = false;
  expect(await buy()).toMatchObject(failed('tiki-timeout', 'not-done'));
  const [creating] = bridge.orders.values();
  if (creating) bridge.change(creating, { state: 'abandoned' });
  bridge.tikiAnswers = true;
  expect(await buy()).toMatchObject({ state: 'paid' });
  expect(phone.payments).toHaveLength(1);
  expect(bridge.orders.size).toBe(2);
});

it('is not done where the runtime has no my.makePayment', async () => {
  const { buy, phone, my } = await shop();
  // The world's own object, which the client reads at each purchase.
  delete (my as { makePayment?: unknown }).makePayment;
  expect(await buy()).toMatchObject({
    code: 'failed-precondition',
    extras: { detail: 'my.makePayment', outcome: 'not-done' },
  });
  expect(phone.requests).toEqual([]);
});

it.each<[unknown, unknown, string]>([
  [undefined, {}, 'planId'],
  ['', {}, 'planId'],
  [7, {}, 'planId'],
  ['month', { onProgress: 'yes' }, 'onProgress'],
])('does not buy %j with %j', async (planId, options, detail) => {
  const { firebase, finish, phone } = await shop();
  expect(await finish(firebase.payments().buy(planId as string, options as object))).toMatchObject({
    code: 'invalid-argument',
    extras: { detail, outcome: 'not-done' },
  });
  expect(phone.requests).toEqual([]);
});

it('needs the option of the client', () => {
  const { firebase } = scene().open({ payments: undefined as never });
  expect(() => firebase.payments()).toThrow();
});
