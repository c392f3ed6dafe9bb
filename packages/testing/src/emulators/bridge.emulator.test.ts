import { existsSync } from 'node:fs';
import { exchangeCode, logIn } from './login';
import { type RunningBridge, startBridge } from './bridge';
import { describeWithFirestore } from './firestore-engine';
import { isFree } from './ports';

const CUSTOMERS = 20;

let bridge: RunningBridge;

/** Where the Functions emulator serves a function. */
const functionOrigin = (name: string) =>
  `${bridge.functionsOrigin}/${bridge.projectId}/asia-southeast1/${name}`;

beforeAll(async () => {
  bridge = await startBridge({ ports: 'free' });
});

afterAll(async () => {
  await bridge.stop();
});

describe('a login through the running bridge', () => {
  it('gives the client SDK a session of the customer, also for ids beyond 2^53', async () => {
    const login = await logIn(bridge, {
      customerId: '9223372036854775807',
      customerName: 'Trần Thị Bưởi',
    });

    expect(login.uid).toBe('tiki:9223372036854775807');
    expect(login.customerName).toBe('Trần Thị Bưởi');
    expect(login.idTokenClaims).toMatchObject({
      sub: 'tiki:9223372036854775807',
      provider: 'tiki',
      tikiCustomerId: '9223372036854775807',
      firebase: { sign_in_provider: 'custom' },
    });
    expect(login.customTokenPayload['claims']).toEqual({
      provider: 'tiki',
      tikiCustomerId: '9223372036854775807',
    });
  });

  it('rejects a code that Tiki never issued, and reports the problem', async () => {
    await expect(exchangeCode(bridge.hostingOrigin, 'bm90.aXNzdWVk')).rejects.toThrow(
      /auth_exchange answered 401: invalid-code/,
    );
  });

  it('gives concurrent customers their own sessions', async () => {
    // Adjacent ids above 2^53, which are equal as doubles.
    const customers = Array.from({ length: CUSTOMERS }, (_, index) => ({
      customerId: String(index < CUSTOMERS / 2 ? 9007199254740992n + BigInt(index) : BigInt(index)),
      customerName: `Customer number ${index}`,
    }));

    const logins = await Promise.all(customers.map((customer) => logIn(bridge, customer)));

    expect(logins.map(({ idTokenClaims }) => idTokenClaims['user_id'])).toEqual(
      customers.map(({ customerId }) => `tiki:${customerId}`),
    );
    expect(logins.map(({ customerName }) => customerName)).toEqual(
      customers.map(({ customerName }) => customerName),
    );
    expect(new Set(logins.map(({ uid }) => uid)).size).toBe(CUSTOMERS);
  });
});

describeWithFirestore('a purchase', () => {
  /** More than the schedule of repeats: the notification arrives, however busy this machine is. */
  const TWO_DAYS_MS = 48 * 3_600_000;

  async function signIn(customerId: string): Promise<string> {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId });
    const { answer } = await exchangeCode(bridge.hostingOrigin, authCode);
    const path = '/identitytoolkit.googleapis.com/v1/accounts:signInWithCustomToken?key=any';
    const response = await fetch(bridge.authEmulatorOrigin + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: answer.customToken, returnSecureToken: true }),
    });
    return ((await response.json()) as { readonly idToken: string }).idToken;
  }

  it('is known to the bridge once Tiki has told it, and so is its end', async () => {
    const { simulator } = bridge;
    const headers = {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await signIn('1001')}`,
      'Idempotency-Key': 'press-0123456789',
    };
    const call = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(bridge.hostingOrigin + path, { ...init, headers });
      return (await response.json()) as { readonly order: Readonly<Record<string, unknown>> };
    };
    const body = JSON.stringify({ planId: 'month' });
    const { order } = await call('/orders', { method: 'POST', body });
    expect(order).toMatchObject({ planId: 'month', priceVnd: 49_000, state: 'waiting' });
    const orderId = String(order['orderId']);
    const stateOf = async () => (await call(`/orders/${String(order['reference'])}`)).order;

    expect(simulator.pay({ orderId, customerId: '1001' })).toEqual({ success: 'success' });
    await simulator.advance(TWO_DAYS_MS);
    expect(simulator.messages).toMatchObject([{ state: 'delivered' }]);
    expect(await stateOf()).toMatchObject({
      state: 'paid',
      premiumUntil: expect.any(Number) as number,
    });

    simulator.trigger({ status: 'canceled', orderId });
    await simulator.advance(TWO_DAYS_MS);
    expect(await stateOf()).toMatchObject({ state: 'canceled', premiumUntil: null });
    expect(simulator.orders()).toMatchObject([{ status: 'canceled', refunded: true }]);
  });
});

describe('what the bridge serves', () => {
  it('collects the logs of the functions', async () => {
    await logIn(bridge, { customerId: '700700700', customerName: 'Not in the logs' });

    await bridge.logged('"uid":"tiki:700700700"');
    expect(bridge.logs()).not.toContain('Not in the logs');
  });
});

describe('a body that is too large for the bridge', () => {
  // firebase-tools ends with EPIPE when the response comes before it has passed the body on.
  it.each([240_000, 300_000, 2_000_000])(
    'is refused, and the emulators go on: %d bytes',
    async (bytes) => {
      for (const origin of [bridge.hostingOrigin, functionOrigin('auth')]) {
        const response = await fetch(`${origin}/auth_exchange`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ code: 'x'.repeat(bytes) }),
        });
        expect(response.status).toBe(413);
        expect(await response.json()).toMatchObject({ code: 'payload-too-large' });
      }
      const login = await logIn(bridge, { customerId: '707', customerName: 'Still there' });
      expect(login.uid).toBe('tiki:707');
    },
  );
});

describe('the end of a bridge', () => {
  it('leaves no listener and no folder', async () => {
    const own = await startBridge({ ports: 'free', firestore: false });
    await own.logged('Watching "');
    const staging = /Watching "(.*?)\/functions"/.exec(own.logs())?.[1] ?? 'not logged';
    expect(existsSync(staging)).toBe(true);

    await own.stop();

    expect(existsSync(staging)).toBe(false);
    const origins = [own.hostingOrigin, own.functionsOrigin, own.authEmulatorOrigin];
    for (const origin of [...origins, own.simulator.origin]) {
      expect(await isFree(Number(new URL(origin).port))).toBe(true);
    }
  });

  it('is immediate when the emulators cannot start, and reports their output', async () => {
    const broken = startBridge({
      ports: 'free',
      firestore: false,
      // firebase-tools rejects parameters with this reserved prefix.
      env: { FIREBASE_IS_NOT_OURS: 'x' },
    });

    await expect(broken).rejects.toThrow(
      /Failed to load function definition.*\.env\.demo-tiki-bridge/,
    );
  });
});
