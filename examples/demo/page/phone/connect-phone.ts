import type { TikiFirebase } from 'tiki-firebase-client';
import { serverTimestamp } from 'tiki-firebase-client/firestore';
import { readJson, recordOf, stringIn } from '../json';
import type { PhoneEffects } from './phone';

/** Stands for what Firebase's SDK in an app gets from FCM when it registers a phone. */
const tokenOf = (uid: string) => `phone-of-${uid}`;

/** @param fcmOrigin Where `npm start` shows what FCM has taken for a device. */
export function connectPhone(
  firebase: Pick<TikiFirebase, 'firestore'>,
  fcmOrigin: string,
): PhoneEffects {
  return {
    async register(uid, language) {
      await firebase.firestore().set(`users/${uid}/devices/0`, {
        token: tokenOf(uid),
        platform: 'android',
        language,
        updatedAt: serverTimestamp(),
      });
    },
    async received(uid) {
      const token = encodeURIComponent(tokenOf(uid));
      const messages = await readJson(await fetch(`${fcmOrigin}/messages?token=${token}`));
      return (Array.isArray(messages) ? messages : []).map((message) => {
        const fields = recordOf(message);
        return {
          title: stringIn(fields, 'title'),
          body: stringIn(fields, 'body'),
          path: stringIn(fields, 'path'),
          tag: stringIn(fields, 'tag'),
        };
      });
    },
  };
}
