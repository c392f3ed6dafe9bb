import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { deliveriesTo } from '../support/push-event';
import { newProfile, openPush, turnOn } from '../support/push';
import { newUid, world } from '../support/world';

const PATHS = [
  'https://evil.example/',
  '//evil.example/premium',
  '/\\evil.example/premium',
  '/\t/evil.example/',
  'javascript:alert(1)',
  'blob:http://127.0.0.1/1',
  'premium',
  '',
];

// Whoever can write a notification must not be able to send its reader to a page of their own, which
// would look as if our site had opened it.
describeWithFirestore('a notification with a path to elsewhere', () => {
  it('opens the start page of the own origin', async () => {
    const uid = newUid();
    const page = await openPush(await newProfile(), uid);
    await turnOn(page);
    const deliveries = await deliveriesTo(page, uid);
    await page.goto('about:blank');

    const opened = [];
    for (const path of PATHS) {
      await deliveries.message({ notificationId: '1', path, title: 'Free shoes', body: '' });
      opened.push(await deliveries.click());
    }

    expect(opened).toEqual(PATHS.map(() => ({ opened: `${world().site.origin}/` })));
  });
});
