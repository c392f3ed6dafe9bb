import { PAID } from '@tiki-bridge/testing/tini-runtime/payments';
import { withPayments } from '@tiki-bridge/testing/tini-runtime/payments-scene';
import { AN, BINH, clientForTests, failureOf, gate } from '@tiki-bridge/testing/tini-runtime/setup';

// What one customer buys is never bought by the next, nor shown to them.

const { scene } = clientForTests();

const failed = (code: string, outcome: string) => ({ code, extras: { outcome } });

async function shop() {
  const now = await withPayments(scene());
  const { phone, firebase, show } = now;
  async function switchTo(customer: typeof AN) {
    phone.customer = customer;
    show();
    await failureOf(firebase.getIdToken());
    await firebase.signIn();
  }
  const uids = () => [...now.bridge.orders.values()].map(({ uid }) => uid);
  return { ...now, switchTo, uids };
}

it('opens no payment when another user is there before the order is', async () => {
  const { firebase, finish, phone, server, switchTo, time, steps } = await shop();
  const { open: answer, opened } = gate();
  server.hold = opened;
  const bought = firebase.payments().buy('month', { onProgress: ({ step }) => steps.push(step) });
  await time.settle();
  server.hold = undefined;
  await switchTo(BINH);
  answer();
  expect(await finish(bought)).toMatchObject(failed('user-changed', 'not-done'));
  expect(phone.payments).toEqual([]);
  expect(steps).toEqual(['ordering']);
});

it('opens no payment when another user is there while the purchase is stored', async () => {
  const { firebase, finish, phone, switchTo, time } = await shop();
  const { open: store, opened } = gate();
  phone.slowWrites.push(Promise.resolve(), opened);
  const bought = firebase.payments().buy('month');
  await time.settle();
  const switched = switchTo(BINH);
  await time.settle();
  store();
  await switched;
  expect(await finish(bought)).toMatchObject(failed('user-changed', 'not-done'));
  expect(phone.payments).toEqual([]);
});

it('waits until Tiki has said who is there before it opens the payment', async () => {
  const { firebase, finish, phone, server, show, time } = await shop();
  const { open: order, opened: ordered } = gate();
  server.hold = ordered;
  const bought = firebase.payments().buy('month');
  await time.settle();
  const { open: answer, opened } = gate();
  phone.hold = (name) => (name === 'getUserInfo' ? opened : undefined);
  show();
  order();
  await time.settle();
  expect(phone.payments).toEqual([]);
  answer();
  expect(await finish(bought)).toMatchObject({ state: 'paid' });
});

it('is unknown to a user who comes while the payment is open, and then one of their own', async () => {
  const { firebase, buy, finish, phone, bridge, switchTo, last, uids, time } = await shop();
  const { open: close, opened: closed } = gate();
  const steps: string[] = [];
  phone.pay = () => closed.then(() => PAID);
  const bought = firebase.payments().buy('month', { onProgress: ({ step }) => steps.push(step) });
  await time.settle();
  const ofAn = last();
  await switchTo(BINH);
  bridge.pay(ofAn);
  close();
  expect(await finish(bought)).toMatchObject(failed('user-changed', 'unknown'));
  expect(steps).toEqual(['ordering', 'paying']);
  expect(await finish(firebase.payments().orders())).toEqual([]);

  phone.pay = () => {
    bridge.pay(last());
    return PAID;
  };
  expect(await buy()).toMatchObject({ state: 'paid' });
  expect(uids()).toEqual(['tiki:1001', 'tiki:1002']);
  expect(phone.payments).toHaveLength(2);

  // An comes back, and does not pay again.
  await switchTo(AN);
  expect(await buy()).toMatchObject({ reference: ofAn.reference, state: 'paid' });
  expect(phone.payments).toHaveLength(2);
});

it("does not wait for another user's purchase that still runs", async () => {
  const { firebase, buy, phone, bridge, switchTo, last, uids, time } = await shop();
  phone.pay = () => new Promise(() => undefined);
  const ofAn = firebase.payments().buy('month');
  ofAn.catch(() => undefined);
  await time.settle();
  await switchTo(BINH);
  phone.pay = () => {
    bridge.pay(last());
    return PAID;
  };
  expect(await buy()).toMatchObject({ state: 'paid' });
  expect(uids()).toEqual(['tiki:1001', 'tiki:1002']);
});

it('is done, but not shown, when another user comes after the payment', async () => {
  const { firebase, finish, phone, server, switchTo, receive, time } = await shop();
  const { open: answer, opened } = gate();
  phone.pay = () => {
    receive();
    return PAID;
  };
  const bought = firebase.payments().buy('month', {
    onProgress: ({ step }) => {
      if (step === 'opening') server.hold = opened;
    },
  });
  await time.advance(0);
  server.hold = undefined;
  await switchTo(BINH);
  answer();
  expect(await finish(bought)).toMatchObject(failed('user-changed', 'done'));
});

it.each([
  ['signed out', 'not-signed-in'],
  ['unknown', 'user-unknown'],
])('is not done, and sends nothing, while the user is %s', async (what, code) => {
  const { firebase, buy, finish, phone, show, time } = await shop();
  if (what === 'unknown') {
    phone.userInfo = 'fails';
    show();
    await time.settle();
  } else await firebase.signOut();
  expect(await buy()).toMatchObject(failed(code, 'not-done'));
  expect(await finish(firebase.payments().orders())).toMatchObject({ code });
  expect(phone.requests).toEqual([]);
});

it("never returns one user's orders to the next", async () => {
  const { firebase, buy, finish, server, switchTo, time } = await shop();
  await buy();
  const { open: answer, opened } = gate();
  server.hold = opened;
  const orders = firebase.payments().orders();
  await time.settle();
  server.hold = undefined;
  await switchTo(BINH);
  answer();
  expect(await finish(orders)).toMatchObject({ code: 'user-changed' });
});
