import type { Page } from 'playwright-core';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { deliveriesTo } from '../support/push-event';
import { devicesOf, newProfile, openPush, stateOf, turnOn, unsubscribed } from '../support/push';
import { stopWorker } from '../support/stop-worker';
import { newUid, signIn, workerOf, world } from '../support/world';

const MESSAGE = { notificationId: '1', path: '/orders', title: 'Your order', body: 'of somebody' };

/** Holds calls to Firestore, as a stalled network does, until `release`. */
function holdFirestore() {
  const { below } = world().site;
  const route = below.get('/firestore/v1/');
  if (route === undefined) throw new Error('There is no Firestore.');
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const arrived = new Promise<void>((resolve) => {
    below.set('/firestore/v1/', async (request) => {
      resolve();
      await opened;
      return route(request);
    });
  });
  return {
    /** Resolves with the first call. */
    arrived,
    release() {
      below.set('/firestore/v1/', route);
      open();
    },
  };
}

/** Lets the worker's calls end by nothing but an answer. */
const withoutDeadlines = (page: Page): Promise<unknown> =>
  workerOf(page).evaluate('void (AbortSignal.timeout = () => new AbortController().signal)');

// Two people share a browser. Neither may read what is meant for the other.
describeWithFirestore('notifications of the user before', () => {
  it('end when another user signs in, who gets a token of their own', async () => {
    const [before, after] = [newUid(), newUid()];
    const profile = await newProfile();
    const page = await openPush(profile, before);
    await turnOn(page);
    const [device] = Object.values(await devicesOf(before));

    await signIn(page, after);
    expect(await unsubscribed(page)).toBe(1);
    // They have agreed to nothing yet.
    expect(await stateOf(page)).toBe('off');
    expect(await devicesOf(before)).toEqual({});
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

  it('end with a sign-out in the middle of which the browser stops the worker', async () => {
    const uid = newUid();
    const page = await openPush(await newProfile(), uid);
    await turnOn(page);
    await workerOf(page).evaluate(`(() => {
      self.unsubscribing = new Promise((resolve) => {
        PushManager.prototype.getSubscription = () => {
          resolve();
          return new Promise(() => {});
        };
      });
    })()`);

    await page.evaluate('void session.signOut().catch(() => null)');
    await workerOf(page).evaluate('unsubscribing');
    await stopWorker(page);

    // Starts it again.
    await page.evaluate(`fetch('/own')`);
    const deliveries = await deliveriesTo(page, uid);
    await deliveries.message(MESSAGE);
    expect(await deliveries.shown()).toEqual([]);
  });

  it('end with a sign-out that does not wait for Firestore', async () => {
    const uid = newUid();
    const page = await openPush(await newProfile(), uid);
    await turnOn(page);
    const firestore = holdFirestore();
    await withoutDeadlines(page);

    await page.evaluate('session.signOut()');
    expect(await unsubscribed(page)).toBe(1);

    firestore.release();
    // Waits for its turn.
    expect(await stateOf(page)).toBe('signed-out');
    expect(await devicesOf(uid)).toEqual({});
  });

  it('end with a sign-out during the registration', async () => {
    const uid = newUid();
    const page = await openPush(await newProfile(), uid);
    const firestore = holdFirestore();
    await withoutDeadlines(page);

    await page.evaluate('void push.turnOn().catch(() => null)');
    await firestore.arrived;
    await page.evaluate('session.signOut()');
    firestore.release();

    expect(await stateOf(page)).toBe('signed-out');
    expect(await devicesOf(uid)).toEqual({});
    expect(await unsubscribed(page)).toBe(1);
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
