import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { deliveriesTo } from '../support/push-event';
import { devicesOf, newProfile, openPush, stateOf, turnOn, unsubscribed } from '../support/push';
import { newUid, signIn, workerOf, world } from '../support/world';

const MESSAGE = { notificationId: '1', path: '/orders', title: 'Your order', body: 'of somebody' };

// Two people share a browser. Neither may read what is meant for the other.
describeWithFirestore('notifications of the user before', () => {
  it('end when another user signs in, who gets a token of their own', async () => {
    const [before, after] = [newUid(), newUid()];
    const profile = await newProfile();
    const page = await openPush(profile, before);
    await turnOn(page);
    const [device] = Object.values(await devicesOf(before));

    await signIn(page, after);
    expect(await devicesOf(before)).toEqual({});
    expect(await unsubscribed(page)).toBe(1);
    // They have agreed to nothing yet.
    expect(await stateOf(page)).toBe('off');
    expect(await devicesOf(after)).toEqual({});

    await page.waitForFunction(`localStorage.getItem('endpoint') === null`);
    await turnOn(page);
    const [moved] = Object.values(await devicesOf(after));
    expect(moved?.['token']).toMatch(/^fcm-/);
    expect(moved?.['token']).not.toBe(device?.['token']);
  });

  it('end without the network, too, and one that is still under way is not shown', async () => {
    const uid = newUid();
    const page = await openPush(await newProfile(), uid);
    await turnOn(page);
    const deliveries = await deliveriesTo(page, uid);
    await deliveries.message(MESSAGE);
    expect(await deliveries.shown()).toHaveLength(1);
    await deliveries.click();

    await page.context().setOffline(true);
    await page.evaluate('session.signOut().catch(() => null)');

    expect(await unsubscribed(page)).toBe(1);
    await deliveries.message(MESSAGE);
    expect(await deliveries.shown()).toEqual([]);
    // Its token is useless; the bridge removes it when FCM says so.
    expect(Object.keys(await devicesOf(uid))).toEqual(['0']);
  });

  it('are not shown to the next user when the browser could not end the subscription', async () => {
    const [before, after] = [newUid(), newUid()];
    const page = await openPush(await newProfile(), before);
    await turnOn(page);
    const deliveries = await deliveriesTo(page, before);
    await workerOf(page).evaluate(`PushManager.prototype.getSubscription = async () => ({
      unsubscribe: () => Promise.reject(new DOMException('storage', 'AbortError')),
    })`);

    await page.evaluate('session.signOut()');
    expect(await devicesOf(before)).toEqual({});
    await deliveries.message(MESSAGE);
    await signIn(page, after);
    expect(await turnOn(page)).toBe('on');
    await deliveries.message(MESSAGE);
    expect(await deliveries.shown()).toEqual([]);

    await deliveries.message({ ...MESSAGE, uid: after });
    expect(await deliveries.shown()).toHaveLength(1);
  });

  it('end for a user whose account is deleted', async () => {
    const uid = newUid();
    const page = await openPush(await newProfile(), uid);
    await turnOn(page);
    const deliveries = await deliveriesTo(page, uid);
    await world().auth.administer('accounts:delete', { localId: uid });
    await page.evaluate('session.refresh().catch(() => null)');

    expect(await unsubscribed(page)).toBe(1);
    await deliveries.message(MESSAGE);
    expect(await deliveries.shown()).toEqual([]);
  });
});
