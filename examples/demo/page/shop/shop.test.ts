import type { User } from 'tiki-firebase-client';
import type { BuyOptions, Order, OrderState } from 'tiki-firebase-client/payments';
import type { OpenSession } from '../session/session';
import { createStore, initialState, type State } from '../state';
import { CONFIG } from '../test-config';
import { createPaymentSheet } from './payment-sheet';
import { createShop } from './shop';
import { NOTHING_BOUGHT } from './state';
import type { PaymentAnswer } from './tiki-payments';

const userOf = (id: string): User => ({
  uid: `tiki:${id}`,
  customer: { id, name: 'Hà' },
  scopes: [],
});
const sessionOf = (user: User): OpenSession => ({
  state: 'in',
  user,
  idToken: 'token',
  claims: { sub: user.uid, iat: 0, exp: 1 },
  isPremium: false,
  at: 0,
});
const orderIn = (state: OrderState): Order => ({
  ...{ reference: 'o1', orderId: '88', planId: 'month', name: { vi: '1 tháng', en: '1 month' } },
  ...{ priceVnd: 49_000, days: 30, state, createdAt: 1, paidAt: null, completedAt: null },
  ...{ canceledAt: null, refundedAt: null, premiumUntil: null },
});

type Buy = (planId: string, options?: BuyOptions) => Promise<Order>;

/** A shop whose library and Tiki do what the test says. */
function open(buy: Buy = () => Promise.resolve(orderIn('paid'))) {
  const shown: State[] = [];
  const store = createStore(
    {
      ...initialState(CONFIG, 'en', { choice: 'everyday', typedId: '', typedName: '' }),
      session: sessionOf(userOf('1')),
    },
    (state) => shown.push(state),
  );
  const world = {
    orders: [orderIn('waiting')],
    now: 0,
    changes: 0,
    canceled: [] as string[],
    fails: false,
  };
  let looks = 0;
  const shop = createShop(store, {
    firebase: {
      payments: () => ({
        plans: () => Promise.resolve([]),
        buy,
        orders() {
          looks += 1;
          return world.fails ? Promise.reject(new Error('busy')) : Promise.resolve(world.orders);
        },
      }),
    },
    tiki: {
      pay: () => Promise.resolve(undefined),
      cancel(orderId) {
        world.canceled.push(orderId);
        return Promise.resolve();
      },
    },
    changed: () => (world.changes += 1),
    now: () => world.now,
  });
  /** Resolves once there is no more work, which here is all microtasks. */
  const idle = () => new Promise((resolve) => setTimeout(resolve));
  return { shop, store, shown, world, idle, looks: () => looks };
}

describe('the shop', () => {
  it('shows the steps of a purchase, its orders, and then what came of it', async () => {
    const { shop, shown, store, world, idle } = open(async (_, options) => {
      for (const step of ['ordering', 'paying', 'opening'] as const)
        options?.onProgress?.({ step });
      await Promise.resolve();
      return orderIn('paid');
    });
    shop.buy('month');
    await idle();
    const steps = shown.flatMap((state) => state.shop.buying?.step ?? []);
    expect([...new Set(steps)]).toEqual(['ordering', 'paying', 'opening']);
    expect(store.state.shop).toMatchObject({
      buying: undefined,
      result: { kind: 'bought' },
      orders: [{ state: 'waiting' }],
    });
    // The gates are read again.
    expect(world.changes).toBe(1);
  });

  it('says whether a purchase that failed is done', async () => {
    const failure = Object.assign(new Error('Bạn chưa thanh toán.'), {
      code: 'payment-unfinished',
      extras: { outcome: 'not-done' },
    });
    const { shop, store, idle } = open(() => Promise.reject(failure));
    shop.buy('month');
    await idle();
    expect(store.state.shop.result).toEqual({
      kind: 'failed',
      code: 'payment-unfinished',
      message: 'Bạn chưa thanh toán.',
      outcome: 'not-done',
    });
  });

  it("shows nothing of one user's purchase to the next", async () => {
    let finish: (order: Order) => void = () => undefined;
    const { shop, store, idle } = open(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    shop.buy('month');
    await idle();
    store.update({ session: sessionOf(userOf('2')), shop: NOTHING_BOUGHT });
    finish(orderIn('paid'));
    await idle();
    expect(store.state.shop).toMatchObject({ buying: undefined, result: undefined });
  });

  it('shows orders to somebody who logs in while those of another login are read', async () => {
    const { shop, store, idle, looks } = open();
    shop.look();
    store.update({ session: sessionOf(userOf('2')), shop: NOTHING_BOUGHT });
    shop.look();
    await idle();
    expect(looks()).toBe(2);
    expect(store.state.shop.orders).toMatchObject([{ state: 'waiting' }]);
  });

  it('reads orders again after a failure', async () => {
    const { shop, store, world, idle } = open();
    world.now = 60_000;
    world.fails = true;
    shop.look();
    await idle();
    expect(store.state.shop.problem).toBeDefined();
    world.fails = false;
    shop.watch();
    await idle();
    expect(store.state.shop).toMatchObject({ problem: undefined, orders: [{ state: 'waiting' }] });
  });

  it('reads orders again only while they may change', async () => {
    const { shop, store, world, idle, looks } = open();
    shop.look();
    await idle();
    shop.watch();
    await idle();
    expect(looks()).toBe(2);
    world.now = 60_000;
    world.orders = [orderIn('paid')];
    shop.watch();
    await idle();
    shop.watch();
    await idle();
    expect(looks()).toBe(3);
    expect(store.state.shop.orders).toMatchObject([{ state: 'paid' }]);

    // Tiki tells the bridge a moment later.
    shop.cancel('88');
    await idle();
    shop.watch();
    await idle();
    expect(world.canceled).toEqual(['88']);
    expect(looks()).toBe(5);
  });
});

describe("Tiki's payment", () => {
  function sheetWith(answer: PaymentAnswer) {
    const shown: (string | undefined)[] = [];
    const sheet = createPaymentSheet({
      customerId: () => '1',
      tiki: { pay: () => Promise.resolve(answer), cancel: () => Promise.resolve() },
      show: (orderId) => shown.push(orderId),
    });
    return { sheet, shown };
  }

  it.each([
    [{ success: 'success' }, { callback: 'success', value: 'success' }],
    [{ fail: 'the customer canceled' }, { callback: 'fail' }],
  ] as const)(
    'is open until the customer presses a button, and then says %j',
    async (answer, said) => {
      const { sheet, shown } = sheetWith(answer);
      const opened = sheet.open('88');
      expect(shown).toEqual(['88']);
      sheet.press('paid');
      expect(await opened).toMatchObject(said);
      expect(shown).toEqual(['88', undefined]);
    },
  );

  it('says nothing when the customer walks away', async () => {
    const { sheet, shown } = sheetWith(undefined);
    const said = jest.fn();
    void sheet.open('88').then(said);
    sheet.press('walked-away');
    await new Promise((resolve) => setTimeout(resolve));
    expect(shown).toEqual(['88', undefined]);
    expect(said).not.toHaveBeenCalled();
  });
});
