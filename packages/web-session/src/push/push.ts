import { initializeApp } from 'firebase/app';
import { getMessaging, getToken, isSupported } from 'firebase/messaging';
import { SessionError } from '../errors';
import { type Done, type Offer, PUSH, type PushMessage } from '../messages';
import type { Session } from '../session';
import { activeWorker, ask } from '../worker-client';

export type { PushMessage } from '../messages';

export interface PushOptions {
  /** The configuration of the project's web app, as the Firebase console shows it. */
  readonly firebase: {
    readonly apiKey: string;
    readonly appId: string;
    readonly messagingSenderId: string;
    readonly projectId: string;
  };
  /** The public key of the project's web push certificates. */
  readonly vapidKey: string;
  /** Of the notifications; default: `vi` in a document in Vietnamese, else `en`. */
  readonly language?: 'vi' | 'en';
}

/**
 * - `unsupported`: no Web Push here, or the session is in a cookie. On iOS a site gets it by being added
 *   to the home screen.
 * - `signed-out`: nobody is signed in.
 * - `denied`: the user refused, and can only allow it in the browser's settings.
 * - `off`, `on`
 */
export type PushState = 'unsupported' | 'signed-out' | 'denied' | 'off' | 'on';

/** The notifications of the session's user in this browser. */
export interface Push {
  /**
   * `off`: offer to turn notifications on. `on`: offer to turn them off. Otherwise offer nothing.
   *
   * @throws SessionError
   */
  state(): Promise<PushState>;
  /**
   * Asks for permission and registers this browser. Call it in the listener of a click: browsers refuse
   * to ask at any other time, and so do most users.
   *
   * @throws SessionError
   */
  turnOn(): Promise<PushState>;
  /** @throws SessionError */
  turnOff(): Promise<void>;
  /**
   * Calls the listener with messages that arrive while this page is visible, once for each id. The
   * browser shows notifications only for messages that no listener gets. Returns a function that removes
   * the listener.
   */
  onMessage(listener: (message: PushMessage) => void): () => void;
}

/** The name of its Firebase app, which the page's own app does not have. */
const APP = 'tiki-firebase-push';
/** How long to wait for a token, in ms: the SDK's calls have no deadline. */
const TOKEN_MS = 30_000;

async function inTime<T>(task: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SessionError('unreachable'));
    }, TOKEN_MS);
  });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws SessionError */
async function tokenFor(
  registration: ServiceWorkerRegistration,
  { firebase, vapidKey }: PushOptions,
): Promise<string> {
  try {
    const messaging = getMessaging(initializeApp(firebase, APP));
    const options = { vapidKey, serviceWorkerRegistration: registration };
    return await inTime(getToken(messaging, options));
  } catch (error) {
    if (error instanceof SessionError) throw error;
    // A string in Firebase's errors, a number in a DOMException.
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    throw new SessionError(typeof code === 'string' ? code : 'push-unavailable');
  }
}

const documentLanguage = (): 'vi' | 'en' =>
  /^vi\b/i.test(document.documentElement.lang) ? 'vi' : 'en';

/** Undefined where there is no worker or no Web Push. */
async function workerFor(session: Session): Promise<ServiceWorkerRegistration | undefined> {
  if (!(await isSupported())) return undefined;
  // Resolves when the worker has been installed.
  await session.user();
  return activeWorker();
}

function stateOf({ user, device }: Done): PushState {
  if (user === null) return 'signed-out';
  if (Notification.permission === 'denied') return 'denied';
  return device === true && Notification.permission === 'granted' ? 'on' : 'off';
}

/**
 * Starts the notifications of a page. Where they are on, keeps this browser's registration up to date.
 *
 *     const push = startPush(session, { firebase, vapidKey });
 *     if ((await push.state()) === 'off') showOffer({ onClick: () => push.turnOn() });
 */
export function startPush(session: Session, options: PushOptions): Push {
  const { language = documentLanguage() } = options;
  const listeners = new Set<(message: PushMessage) => void>();
  const shown = new Set<string>();

  /** @throws SessionError */
  async function register(registration: ServiceWorkerRegistration): Promise<Done> {
    const token = await tokenFor(registration, options);
    return ask(registration, { command: 'addDevice', token, language });
  }

  async function keep(): Promise<void> {
    const registration = await workerFor(session);
    if (registration === undefined) return;
    const { device } = await ask(registration, { command: 'device' });
    if (device !== true) return;
    if (Notification.permission === 'granted') await register(registration);
    else await ask(registration, { command: 'removeDevice' });
  }
  // A failure changes nothing; the next page tries again.
  keep().catch(() => undefined);

  // Undefined on an insecure origin.
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  container?.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
    if (!(data instanceof Object) || Reflect.get(data, 'type') !== PUSH) return;
    if (listeners.size === 0) return;
    // Only the worker of this origin sends here, and only offers have this type.
    const { message } = data as Offer;
    ports[0]?.postMessage(null);
    if (shown.has(message.id)) return;
    shown.add(message.id);
    for (const listener of listeners) listener(message);
  });

  return {
    async state() {
      const registration = await workerFor(session);
      if (registration === undefined) return 'unsupported';
      return stateOf(await ask(registration, { command: 'device' }));
    },

    async turnOn() {
      if (!('Notification' in window)) return 'unsupported';
      // Before anything that takes time: browsers only ask within the click.
      await Notification.requestPermission();
      const registration = await workerFor(session);
      if (registration === undefined) return 'unsupported';
      const found = await ask(registration, { command: 'device' });
      if (found.user === null || Notification.permission !== 'granted') return stateOf(found);
      return stateOf(await register(registration));
    },

    async turnOff() {
      const registration = await workerFor(session);
      if (registration) await ask(registration, { command: 'removeDevice' });
    },

    onMessage(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
