import type { Device } from '../../../src/push/delivery';
import { sendAll } from '../../../src/push/fcm';
import { messageTo } from '../../../src/push/message';
import { notificationContent } from '../../../src/push/notification';
import { type Sender, startSender } from '../../push/support/sender';

/** Three bytes in one unit, the most that a character of a string takes. */
const WIDE = 'ề';
const NAME = { uid: 'u'.repeat(128), id: 'x'.repeat(128) };

let sender: Sender;
beforeEach(async () => {
  sender = await startSender('demo-push');
});
afterEach(() => sender.close());

it.each(['android', 'ios', 'web'] as const)(
  'what is accepted as a notification fits into a message: %s',
  async (platform) => {
    const device: Device = { key: 'k', token: 't', platform, language: 'vi' };
    const content = notificationContent.parse({
      title: WIDE.repeat(120),
      body: WIDE.repeat(800),
      path: `/${'p'.repeat(299)}`,
    });
    expect(await sendAll(sender.messaging, [messageTo(device, NAME, content, 0)])).toEqual([
      { kind: 'answered', result: 'sent' },
    ]);
  },
);

it('what does not fit is refused before it is sent', () => {
  const message = { title: 'a', body: 'b' };
  for (const larger of [{ title: WIDE.repeat(121) }, { body: WIDE.repeat(801) }]) {
    expect(notificationContent.safeParse({ ...message, ...larger }).success).toBe(false);
  }
});
