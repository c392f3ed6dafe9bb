import { LEFT, PAID } from '@tiki-bridge/testing/tini-runtime/payments';
import { withPayments } from '@tiki-bridge/testing/tini-runtime/payments-scene';
import { clientForTests, gate } from '@tiki-bridge/testing/tini-runtime/setup';
import { json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

// A purchase whose outcome the app did not learn is not made a second time.

const { scene } = clientForTests();
const shop = () => withPayments(scene());

const failed = (code: string, outcome: string) => ({ code, extras: { outcome } });

describe('after a restart of the app', () => {
  it('a purchase that was paid meanwhile is done, without another payment', async () => {
    const { firebase, buy, open, phone, bridge, receive, time } = await shop();
    phone.pay = () => new Promise(() => undefined);
    void firebase.payments().buy('month');
    await time.settle();
    expect(phone.payments).toHaveLength(1);
    receive();
    expect(await buy('month', open())).toMatchObject({ state: 'paid' });
    expect(phone.payments).toHaveLength(1);
    expect(bridge.orders.size).toBe(1);
  });

  it('a purchase that was left unpaid goes on with its order', async () => {
    const { firebase, buy, open, phone, bridge, receive, time } = await shop();
    phone.pay = () => new Promise(() => undefined);
    void firebase.payments().buy('month');
    await time.settle();
    phone.pay = () => {
      receive();
      return PAID;
    };
    expect(await buy('month', open())).toMatchObject({ state: 'paid' });
    expect(new Set(phone.payments).size).toBe(1);
    expect(bridge.orders.size).toBe(1);
  });

  it('an order whose answer was lost is the same order', async () => {
    const { buy, open, phone, bridge, keys } = await shop();
    const lost = { path: '/orders', what: 'answer lost' } as const;
    phone.networkFaults.push(lost, lost, lost);
    expect(await buy()).toMatchObject(failed('network', 'not-done'));
    expect(phone.payments).toEqual([]);
    expect(await buy('month', open())).toMatchObject({ state: 'paid' });
    expect(new Set(keys()).size).toBe(1);
    expect(bridge.orders.size).toBe(1);
  });

  it('is unknown again while the bridge cannot be asked', async () => {
    const { buy, open, phone, last } = await shop();
    phone.pay = () => PAID;
    await buy();
    phone.online = false;
    expect(await buy('month', open())).toMatchObject(failed('network', 'unknown'));
    phone.online = true;
    expect(last()).toMatchObject({ state: 'waiting' });
  });

  it('is bought once, where the runtime has encrypted storage', async () => {
    const { phone, ...opened } = scene();
    phone.encrypted = new Map();
    const { buy, firebase, open, bridge, time, receive } = await withPayments({ phone, ...opened });
    phone.pay = () => new Promise(() => undefined);
    void firebase.payments().buy('month');
    await time.settle();
    receive();
    expect(await buy('month', open())).toMatchObject({ state: 'paid' });
    expect(bridge.orders.size).toBe(1);
    expect([...phone.storage.keys()].filter((name) => name.includes('payments'))).toEqual([]);
  });
});

it.each(['lost', 'answer lost', 'hang'] as const)(
  'sends an order again with the same key when it is %s',
  async (what) => {
    const { buy, phone, bridge, keys } = await shop();
    phone.networkFaults.push({ path: '/orders', what });
    const first = await buy();
    if (what === 'hang') {
      // It may still be in progress, so the user decides.
      expect(first).toMatchObject(failed('timeout', 'not-done'));
      expect(await buy()).toMatchObject({ state: 'paid' });
    } else expect(first).toMatchObject({ state: 'paid' });
    expect(keys()).toHaveLength(2);
    expect(new Set(keys()).size).toBe(1);
    expect(bridge.orders.size).toBe(1);
  },
);

it('buys once where storage fails, as long as the app runs', async () => {
  const { buy, phone, bridge, receive } = await shop();
  phone.storageFails = true;
  phone.pay = () => PAID;
  expect(await buy()).toMatchObject(failed('payment-pending', 'unknown'));
  receive();
  expect(await buy()).toMatchObject({ state: 'paid' });
  expect(bridge.orders.size).toBe(1);
});

it('is unknown when the bridge cannot be asked after the payment', async () => {
  const { buy, phone, receive } = await shop();
  phone.pay = () => {
    receive();
    phone.online = false;
    return PAID;
  };
  expect(await buy()).toMatchObject(failed('network', 'unknown'));
  phone.online = true;
  expect(await buy()).toMatchObject({ state: 'paid' });
  expect(phone.payments).toHaveLength(1);
});

it.each([
  ['500', json(500, {})],
  ['503 of Tiki', problem(503, 'tiki-unavailable', { 'Retry-After': '3' })],
  ['HTML', { status: 200, headers: {}, body: '<html>Wi-Fi</html>' }],
  ['401', problem(401, 'unauthenticated')],
])('looks again after %s', async (_, answer) => {
  const { buy, server, phone } = await shop();
  const { pay } = phone;
  phone.pay = (orderId) => {
    server.answers.push({ path: '/orders/', answer }, { path: '/orders/', answer });
    return pay(orderId);
  };
  expect(await buy()).toMatchObject({ state: 'paid' });
});

it('is another purchase once the app has seen the order as paid', async () => {
  const { buy, firebase, finish, phone, bridge, receive } = await shop();
  phone.pay = () => PAID;
  await buy();
  receive();
  const orders = await finish(firebase.payments().orders());
  expect(orders).toMatchObject([{ state: 'paid' }]);
  phone.pay = () => LEFT;
  expect(await buy()).toMatchObject(failed('payment-unfinished', 'not-done'));
  expect(bridge.orders.size).toBe(2);
});

it('of each plan is a purchase of its own', async () => {
  const { buy, phone, bridge } = await shop();
  phone.pay = () => LEFT;
  await buy('month');
  await buy('year');
  await buy('month');
  expect([...bridge.orders.values()].map(({ planId }) => planId)).toEqual(['month', 'year']);
});

it('has a key that cannot be confused with what storage returns', async () => {
  const { buy, open, phone, bridge, keys } = await shop();
  phone.pay = () => LEFT;
  await buy();
  const damaged = JSON.stringify({ 'tiki:1001 month': { key: 'a b', reference: 7 } });
  for (const name of phone.storage.keys()) {
    if (name.includes('payments')) phone.storage.set(name, JSON.stringify(damaged));
  }
  await buy('month', open());
  expect(keys()).not.toContain('a b');
  expect(bridge.faults).toEqual([]);
});

it('counts as left only while the app is open, not while it is being asked', async () => {
  const { firebase, finish, phone, show, last, receive, time } = await shop();
  const { open: answer, opened } = gate();
  phone.pay = () => PAID;
  const bought = firebase.payments().buy('month');
  await time.settle();
  // The return from Tiki's payment: Tiki is asked who is there.
  phone.hold = (name) => (name === 'getUserInfo' ? opened : undefined);
  show();
  receive(last());
  answer();
  expect(await finish(bought)).toMatchObject({ state: 'paid' });
});
