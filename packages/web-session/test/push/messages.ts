import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { deliveriesTo } from '../support/push-event';
import { newProfile, openPush, turnOn } from '../support/push';
import { stopWorker } from '../support/stop-worker';
import { newUid, world } from '../support/world';

const MESSAGE = {
  notificationId: 'premium-opened-1',
  path: '/premium?from=push',
  title: 'Premium đã mở',
  body: 'Đến hết ngày 26 tháng 12.',
};
const NOTIFICATION = { title: MESSAGE.title, body: MESSAGE.body, tag: MESSAGE.notificationId };

async function openOn() {
  const uid = newUid();
  const page = await openPush(await newProfile(), uid);
  await turnOn(page);
  return { uid, page, deliveries: await deliveriesTo(page, uid) };
}

describeWithFirestore('a push message', () => {
  it('is a notification if no page of the site is open, once for each id', async () => {
    const { page, deliveries } = await openOn();
    await page.close();

    await deliveries.raw('no JSON');
    await deliveries.raw('{"data":{"of":"somebody else"}}');
    await deliveries.message(MESSAGE);
    expect(await deliveries.shown()).toEqual([NOTIFICATION]);

    await deliveries.message({ ...MESSAGE, body: 'again' });
    expect(await deliveries.shown()).toEqual([{ ...NOTIFICATION, body: 'again' }]);
    await deliveries.message({ ...MESSAGE, notificationId: 'another' });
    expect(await deliveries.shown()).toHaveLength(2);
  });

  it('opens its page by a click, or the one that shows it already', async () => {
    const { page, deliveries } = await openOn();
    const url = world().site.origin + MESSAGE.path;
    await page.goto('about:blank');

    await deliveries.message(MESSAGE);
    expect(await deliveries.click()).toEqual({ opened: url });
    expect(await deliveries.shown()).toEqual([]);

    await page.goto(url);
    await deliveries.message(MESSAGE);
    expect(await deliveries.click()).toEqual({ focused: url });
  });

  it('goes to a visible page that listens, once for each id, and is no notification then', async () => {
    const { page, deliveries } = await openOn();
    await page.evaluate(`(() => {
      window.messages = [];
      window.stop = push.onMessage((message) => messages.push(message));
    })()`);

    await deliveries.message(MESSAGE);
    await deliveries.message(MESSAGE);

    const { notificationId: id, ...message } = MESSAGE;
    expect(await page.evaluate('messages')).toEqual([{ id, ...message }]);
    expect(await deliveries.shown()).toEqual([]);

    await page.evaluate('stop()');
    await deliveries.message(MESSAGE);
    expect(await deliveries.shown()).toEqual([NOTIFICATION]);
  });

  it('is a notification on a visible page that does not know of notifications', async () => {
    const { page, deliveries } = await openOn();
    await page.goto(`${world().site.origin}/page`);

    await deliveries.message(MESSAGE);

    expect(await deliveries.shown()).toEqual([NOTIFICATION]);
  });

  it('starts a stopped worker', async () => {
    const { uid, page, deliveries } = await openOn();
    await page.goto(`${world().site.origin}/page`);
    await stopWorker(page);

    const { notificationId, ...more } = MESSAGE;
    await deliveries.raw(JSON.stringify({ data: { notificationId, uid, ...more } }));

    await page.waitForFunction(`navigator.serviceWorker.ready
      .then((registration) => registration.getNotifications())
      .then((all) => all.length === 1)`);
  });
});
