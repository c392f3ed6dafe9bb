import { setTimeout as delay } from 'node:timers/promises';
import { runBridge } from '@tiki-bridge/cli/run';
import { connect } from '../../../src/premium/connection';
import { assemblePremium, type Premium } from '../../../src/premium/open-premium';
import type { OrderAnswer } from '../../../src/payments/order';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { type Device, type Playground, startPlayground } from './playground';

/** Enough to buy, see and use premium before it expires; a busy machine gets longer. */
const TRIAL_MS = 10_000;
/** More than Tiki's schedule of repeats: a notification arrives, however busy this machine is. */
const TWO_DAYS_MS = 48 * 3_600_000;
const PLAIN = 'premiumContent/lesson';
const STRICT = 'premiumContentStrict/lesson';

/** [plain path, strict path] */
const gates = async (device: Device) => [await device.mayRead(PLAIN), await device.mayRead(STRICT)];
const OPEN = [true, true];
const CLOSED = [false, false];

/** The rules use the machine's clock, so a test of expiry has to wait. */
async function untilPassed(instant: number): Promise<void> {
  while (Date.now() <= instant) await delay(instant - Date.now() + 1);
}

describeWithFirestore('premium, from the customer’s side', () => {
  let playground: Playground;
  let premium: Premium;

  beforeAll(async () => {
    playground = await startPlayground();
    Object.assign(process.env, playground.env);
    const { projectId } = playground.bridge;
    const connection = await connect({ projectId, by: 'operator', timeoutMs: 30_000 });
    premium = assemblePremium(connection);
    playground.atClose(premium.close);
    // The first call opens the connection. On a busy machine that may take longer than the timeout of
    // one call, but continues after it.
    await connection.store.change('tiki:1', () => ({ result: true })).catch(() => false);
    await playground.document(PLAIN, { title: { stringValue: 'Bài 1' } });
    await playground.document(STRICT, { title: { stringValue: 'Bài 1' } });
  });

  afterAll(async () => {
    await playground.close();
  });

  it('opens with a purchase, closes on expiry, opens again, and closes with a refund', async () => {
    const { service } = premium;
    const began = Date.now();
    const device = await playground.signIn('101');
    expect(await gates(device)).toEqual(CLOSED);

    // What is to happen in this time is about as much as has just happened.
    const until = Date.now() + Math.max(TRIAL_MS, 5 * (Date.now() - began));
    await service.grant('tiki:101', { id: 'trial', until });
    expect(await gates(device)).toEqual(CLOSED);
    await device.refresh();
    expect(await device.claims()).toMatchObject({ premiumAccount: true, premiumUntil: until });
    expect(await gates(device)).toEqual(OPEN);

    await untilPassed(until);
    // The same token: nothing ran, and nothing was refreshed.
    expect(await device.claims()).toMatchObject({ premiumAccount: true, premiumUntil: until });
    expect(await gates(device)).toEqual(CLOSED);

    await service.grant('tiki:101', { id: 'renewal', days: 30 });
    expect(await gates(device)).toEqual(CLOSED);
    await device.refresh();
    expect(await gates(device)).toEqual(OPEN);

    await service.revoke('tiki:101', { id: 'renewal' });
    expect(await gates(device)).toEqual([true, false]);
    await device.refresh();
    expect(await gates(device)).toEqual(CLOSED);
    expect(await device.claims()).not.toHaveProperty('premiumAccount');
    expect(await device.claims()).not.toHaveProperty('premiumUntil');
    // Still the session of the login with Tiki.
    expect(await device.claims()).toMatchObject({ provider: 'tiki', tikiCustomerId: '101' });
  });

  it('reaches both devices of a user without a new login', async () => {
    const phone = await playground.signIn('102');
    const tablet = await playground.signIn('102');
    await premium.service.grant('tiki:102', { id: 'order', days: 30 });
    await phone.refresh();
    expect([await gates(phone), await gates(tablet)]).toEqual([OPEN, CLOSED]);
    await tablet.refresh();
    expect([await gates(phone), await gates(tablet)]).toEqual([OPEN, OPEN]);

    await premium.service.revoke('tiki:102', 'all');
    expect([await gates(phone), await gates(tablet)]).toEqual([
      [true, false],
      [true, false],
    ]);
    await phone.refresh();
    await tablet.refresh();
    expect([await gates(phone), await gates(tablet)]).toEqual([CLOSED, CLOSED]);
  });

  it('is in the first token of a user who bought before signing in', async () => {
    await premium.service.grant('tiki:103', { id: 'order', days: 30 });
    const device = await playground.signIn('103');
    expect(await gates(device)).toEqual(OPEN);
  });

  it('grants nothing to another customer, and shows a record to its owner only', async () => {
    const [owner, other] = [await playground.signIn('104'), await playground.signIn('105')];
    await premium.service.grant('tiki:104', { id: 'order', days: 30 });
    await other.refresh();
    expect(await gates(other)).toEqual(CLOSED);
    const record = 'entitlements/tiki:104';
    expect([await owner.mayRead(record), await other.mayRead(record)]).toEqual([true, false]);
  });

  it('opens when a customer buys it with Tiki, and closes when an operator refunds the order', async () => {
    const { simulator, hostingOrigin } = playground.bridge;
    const device = await playground.signIn('150');
    const headers = {
      Authorization: `Bearer ${await device.idToken()}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': 'the-first-press-1',
    };
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(hostingOrigin + path, { ...init, headers });
      expect(response.status).toBe(200);
      return ((await response.json()) as { readonly order: OrderAnswer }).order;
    };
    const run = (...args: string[]) =>
      runBridge(['orders', ...args], {
        ...playground.env,
        TIKI_API_BASE_URL: simulator.apiBaseUrl,
      });

    const placed = await ask('/orders', { method: 'POST', body: '{"planId":"month"}' });
    const { reference, orderId } = placed;
    expect(await gates(device)).toEqual(CLOSED);
    simulator.pay({ orderId: orderId ?? '', customerId: '150' });
    await simulator.advance(TWO_DAYS_MS);
    // Once the order is read as paid, the account has the claims.
    expect(await ask(`/orders/${reference}`)).toMatchObject({ state: 'paid' });
    await device.refresh();
    expect(await gates(device)).toEqual(OPEN);
    expect(await device.mayRead(`users/tiki:150/receipts/${reference}`)).toBe(true);
    expect(await device.mayRead(`orders/${reference}`)).toBe(false);

    expect(await run('list', '--uid', 'tiki:150')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(reference) as string,
    });
    expect(await run('refund', reference, '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Tiki pays 49000 VND back') as string,
    });
    expect(await gates(device)).toEqual([true, false]);
    await device.refresh();
    expect(await gates(device)).toEqual(CLOSED);
    expect(simulator.orders()).toMatchObject([{ id: orderId, refunded: true }]);

    const period = ['--from', '2020-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z'];
    const exported = await run('export', ...period);
    expect(exported).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("They agree with Tiki's.") as string,
    });
    const [, ...lines] = exported.stdout.trimEnd().split('\r\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${reference},.*,49000,49000$`));
  });
});
