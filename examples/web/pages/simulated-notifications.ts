// Only in npm start, where browsers reach no push service: what the session's worker does in production.
// The device is registered in Firestore as there; its messages are those that the simulated FCM has taken.
import type { PushMessage } from 'tiki-firebase-web-session/push';
import { elementById } from './elements';
import { offerNotifications } from './offer-notifications';

/** Between two looks at what has arrived, in ms. */
const LOOK_EVERY_MS = 1_000;

const { push = '', uid = '' } = elementById('notifications').dataset;
// The server renders it from its settings.
const { fcmOrigin, projectId } = JSON.parse(push) as { fcmOrigin: string; projectId: string };

const token = `browser-of-${uid}`;
const database = `projects/${projectId}/databases/(default)/documents`;
/** The last of the ten places that a user's devices may have. */
const device = `${database}/users/${uid}/devices/9`;

/** Through the gateway, where the worker adds the user's token. */
async function callFirestore(path: string, body?: object): Promise<unknown> {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
  const response = await fetch(
    `/firestore/v1/${path}`,
    body && { ...init, body: JSON.stringify(body) },
  );
  if (!response.ok) throw new Error(`Firestore answered ${response.status}`);
  return response.json();
}

const commit = (write: object) => callFirestore(`${database}:commit`, { writes: [write] });

const listeners = new Set<(message: PushMessage) => void>();
const shown = new Set<string>();

async function look(): Promise<void> {
  const response = await fetch(`${fcmOrigin}/messages?token=${encodeURIComponent(token)}`);
  // As packages/testing/src/emulators/fcm-emulator.ts answers.
  const messages = (await response.json()) as readonly (PushMessage & { readonly tag: string })[];
  for (const message of messages.filter(({ tag }) => !shown.has(tag))) {
    shown.add(message.tag);
    for (const listener of listeners) listener(message);
  }
}

let looking: ReturnType<typeof setInterval> | undefined;

async function state(): Promise<'unsupported' | 'on' | 'off'> {
  // A session in a cookie has no worker, and therefore no notifications.
  if (!navigator.serviceWorker.controller) return 'unsupported';
  const listed = (await callFirestore(`${database}/users/${encodeURIComponent(uid)}/devices`)) as {
    readonly documents?: readonly { readonly name: string }[];
  };
  const isOn = listed.documents?.some(({ name }) => name === device) === true;
  clearInterval(looking);
  if (isOn) looking = setInterval(() => void look().catch(console.error), LOOK_EVERY_MS);
  return isOn ? 'on' : 'off';
}

offerNotifications({
  state,
  async turnOn() {
    const language = document.documentElement.lang === 'vi' ? 'vi' : 'en';
    const fields = {
      token: { stringValue: token },
      platform: { stringValue: 'web' },
      language: { stringValue: language },
    };
    const updateTransforms = [{ fieldPath: 'updatedAt', setToServerValue: 'REQUEST_TIME' }];
    await commit({ update: { name: device, fields }, updateTransforms });
    return state();
  },
  async turnOff() {
    await commit({ delete: device });
  },
  onMessage(listener) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
});
