import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../../src/premium/connection';
import { assemblePremium, type Premium } from '../../../src/premium/open-premium';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { type Device, type Playground, startPlayground } from './playground';

/** Enough to buy, see and use premium before it expires; a busy machine gets longer. */
const TRIAL_MS = 10_000;
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
    const connection = await connect({ projectId, timeoutMs: 30_000 });
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
});
