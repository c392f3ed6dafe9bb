import { createHash } from 'node:crypto';
import type { Message } from 'firebase-admin/messaging';
import type { Device } from './delivery';
import type { NotificationContent } from './notification';
import type { NotificationId } from './store';
import { textOf } from './texts';

/** How long FCM keeps a message for a device that is offline, in seconds. */
const TTL_SECONDS = 24 * 60 * 60;

/**
 * What makes a device show a notification once, however often it is sent: a function of the id alone.
 * 32 characters of base64url, the longest that `Topic` may be (RFC 8030, section 5.4).
 */
export function tagOf(notificationId: string): string {
  return createHash('sha256').update(notificationId).digest('base64url').slice(0, 32);
}

/**
 * The message to one device. There is no `collapse_key`: a device keeps only four of them.
 *
 * Web pages get data only: their worker shows the notification, unless a page that is visible does, and
 * opens `path`. Its tag is `notificationId`. `uid` says whose it is: the browser may have changed hands
 * while the message was waiting for it.
 *
 * @param createdAt Of the notification, epoch ms.
 * @see https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
 */
export function messageTo(
  { token, platform, language }: Device,
  { uid, id }: NotificationId,
  content: NotificationContent,
  createdAt: number,
): Message {
  const { title, body } = textOf(content, language);
  const tag = tagOf(id);
  const data = { notificationId: id, kind: content.kind, path: content.path };
  switch (platform) {
    case 'web':
      return {
        token,
        data: { ...data, uid, title, body },
        webpush: { headers: { Topic: tag, TTL: String(TTL_SECONDS), Urgency: 'normal' } },
      };
    case 'android':
      return {
        token,
        data,
        notification: { title, body },
        android: { ttl: TTL_SECONDS * 1_000, notification: { tag } },
      };
    case 'ios':
      return {
        token,
        data,
        notification: { title, body },
        apns: {
          headers: {
            'apns-collapse-id': tag,
            'apns-expiration': String(Math.floor(createdAt / 1_000) + TTL_SECONDS),
          },
          payload: { aps: { sound: 'default' } },
        },
      };
  }
}
