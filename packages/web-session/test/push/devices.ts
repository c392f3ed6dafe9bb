import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { newUid, open, signIn, world } from '../support/world';
import {
  devicesOf,
  newProfile,
  openPush,
  stateOf,
  storeDevice,
  turnOn,
  unsubscribed,
} from '../support/push';

describeWithFirestore('the device of a session', () => {
  it('is registered at FCM and for the user, when the user turns notifications on', async () => {
    const uid = newUid();
    const profile = await newProfile();
    const page = await openPush(profile, uid);
    expect(await stateOf(page)).toBe('off');

    expect(await turnOn(page)).toBe('on');

    expect(await devicesOf(uid)).toEqual({
      0: {
        token: expect.stringMatching(/^fcm-\d+$/) as string,
        platform: 'web',
        language: 'vi',
        updatedAt: expect.stringMatching(/^20\d\d-.+Z$/) as string,
      },
    });
    expect(profile.google).toMatchObject([
      {
        method: 'POST',
        url: expect.stringMatching(/\/v1\/projects\/demo-tiki-bridge\/installations$/) as string,
        headers: { 'x-goog-api-key': 'demo-api-key' },
      },
      {
        method: 'POST',
        url: 'https://fcmregistrations.googleapis.com/v1/projects/demo-tiki-bridge/registrations',
        headers: { 'x-goog-firebase-installations-auth': 'FIS installation' },
        body: { web: { endpoint: expect.stringContaining('https://push.example/') as string } },
      },
    ]);
    expect(await page.evaluate('subscribedWith.userVisibleOnly')).toBe(true);
    // The user's token is for the bridge, not for FCM.
    expect(JSON.stringify(profile.google)).not.toContain('Bearer');
  });

  it('keeps its place, on every page and when the user signs in again', async () => {
    const uid = newUid();
    const profile = await newProfile();
    const page = await openPush(profile, uid);
    await turnOn(page);
    const before = await devicesOf(uid);

    await signIn(page, uid);
    const again = await openPush(profile, uid);

    expect(await stateOf(again)).toBe('on');
    expect(await turnOn(again)).toBe('on');
    expect(await devicesOf(uid)).toEqual(before);
    expect(await unsubscribed(again)).toBe(0);
  });

  it('takes the first free of ten places, then the one written longest ago', async () => {
    const uid = newUid();
    for (const id of [3, 0, 1, 2, 4, 5, 6, 7, 8]) await storeDevice(uid, id, `phone-${id}`);

    await turnOn(await openPush(await newProfile(), uid));
    expect((await devicesOf(uid))[9]).toMatchObject({ platform: 'web' });

    await turnOn(await openPush(await newProfile(), uid, '?lang=en'));
    const devices = await devicesOf(uid);
    expect(Object.keys(devices)).toHaveLength(10);
    expect(devices[3]).toMatchObject({ platform: 'web', language: 'en' });
  });

  it('looks for another place if another browser of the user takes it at the same time', async () => {
    const uid = newUid();
    const page = await openPush(await newProfile(), uid);
    const { below } = world().site;
    const route = below.get('/firestore/v1/');
    if (route === undefined) throw new Error('There is no Firestore.');
    let taken = false;
    below.set('/firestore/v1/', async (arrived) => {
      if (arrived.path.endsWith(':commit') && !taken) {
        taken = true;
        await storeDevice(uid, 0, 'other');
      }
      return route(arrived);
    });

    expect(await turnOn(page)).toBe('on');
    below.set('/firestore/v1/', route);

    const devices = await devicesOf(uid);
    expect(devices[0]).toMatchObject({ token: 'other' });
    expect(devices[1]).toMatchObject({ platform: 'web' });
  });

  it('is removed by turning notifications off, and by signing out on any page', async () => {
    const uid = newUid();
    const profile = await newProfile();
    const page = await openPush(profile, uid);

    await turnOn(page);
    await page.evaluate('push.turnOff()');
    expect(await stateOf(page)).toBe('off');
    expect(await devicesOf(uid)).toEqual({});
    expect(await unsubscribed(page)).toBe(1);

    await turnOn(page);
    // This page knows nothing of notifications.
    await page.goto(`${world().site.origin}/page`);
    await page.waitForFunction('window.session');
    await page.evaluate('session.signOut()');
    expect(await unsubscribed(page)).toBe(2);
    // Removed after the answer: a command for the device waits for that.
    await page.goto(`${world().site.origin}/push`);
    await page.waitForFunction('window.push');
    expect(await stateOf(page)).toBe('signed-out');
    expect(await devicesOf(uid)).toEqual({});
  });

  it('ends with the session of a user whom the project disables', async () => {
    const uid = newUid();
    const page = await openPush(await newProfile(), uid);
    await turnOn(page);
    await world().auth.administer('accounts:update', { localId: uid, disableUser: true });

    await page.evaluate('session.refresh().catch(() => null)');

    expect(await stateOf(page)).toBe('signed-out');
    expect(await unsubscribed(page)).toBe(1);
    expect(await devicesOf(uid)).toEqual({});
  });

  it('is not offered to the signed-out, and not where the user refused', async () => {
    const uid = newUid();
    const signedOut = await openPush(await newProfile(), uid);
    await signedOut.evaluate('session.signOut()');
    expect(await stateOf(signedOut)).toBe('signed-out');

    const refused = await openPush(await newProfile([]), uid);
    expect(await stateOf(refused)).toBe('denied');
    expect(await turnOn(refused)).toBe('denied');
    expect(await devicesOf(uid)).toEqual({});
  });

  it('is not offered without a worker', async () => {
    const { browser, site } = world();
    const page = await open(await browser.newContext(), site, '/page?no-worker');

    const state = await page.evaluate(`import('/push.js').then(({ startPush }) =>
      startPush(session, { firebase: {}, vapidKey: '' }).state())`);

    expect(state).toBe('unsupported');
  });
});
