import { type Offer, PUSH, type PushMessage } from '../messages';
import { readDevice } from './device-record';

// Push messages of FCM: offered to the pages that are visible, else shown as a notification.
//
// Not with `firebase/messaging/sw`: it hands a message to any visible page of the site and shows nothing,
// so it is lost on all pages that do not load Firebase; and it needs the project's configuration, which
// this worker does not have. The push service's payload is JSON with the message's `data`, as that SDK
// reads it too (`MessagePayloadInternal`).

/** How long to wait for a visible page to take a message, in ms. */
const TAKE_MS = 1_000;

/** Path, query and fragment on this origin; `/` for an address elsewhere, such as `//host` or `/\host`. */
function ownPath(path: unknown): string {
  const { origin } = location;
  if (typeof path !== 'string' || !path.startsWith('/')) return '/';
  try {
    const url = new URL(path, origin);
    return url.origin === origin ? url.href.slice(origin.length) : '/';
  } catch {
    return '/';
  }
}

/** A message of the bridge, and the user it is for. */
interface Addressed {
  readonly uid: string;
  readonly message: PushMessage;
}

/** Undefined for a message that is not from the bridge. */
function addressedIn(payload: PushMessageData | null): Addressed | undefined {
  let parsed: unknown;
  try {
    parsed = payload?.json();
  } catch {
    return undefined;
  }
  const data: unknown = parsed instanceof Object ? Reflect.get(parsed, 'data') : undefined;
  if (!(data instanceof Object)) return undefined;
  const id: unknown = Reflect.get(data, 'notificationId');
  const uid: unknown = Reflect.get(data, 'uid');
  const title: unknown = Reflect.get(data, 'title');
  const body: unknown = Reflect.get(data, 'body');
  if (typeof uid !== 'string' || typeof id !== 'string' || typeof title !== 'string') {
    return undefined;
  }
  const path = ownPath(Reflect.get(data, 'path'));
  const message = { id, title, body: typeof body === 'string' ? body : '', path };
  return { uid, message };
}

/** Whether a page takes the message to show it by itself. */
function isTakenBy(pages: readonly Client[], message: PushMessage): Promise<boolean> {
  return new Promise((resolve) => {
    if (pages.length === 0) {
      resolve(false);
      return;
    }
    const timer = setTimeout(() => {
      resolve(false);
    }, TAKE_MS);
    for (const page of pages) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const offer: Offer = { type: PUSH, message };
      page.postMessage(offer, [port2]);
    }
  });
}

async function deliver(
  { uid, message }: Addressed,
  worker: ServiceWorkerGlobalScope,
): Promise<void> {
  // Sent before its user signed out, or somebody else signed in.
  if ((await readDevice())?.uid !== uid) return;
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const visible = pages.filter(({ visibilityState }) => visibilityState === 'visible');
  if (await isTakenBy(visible, message)) return;
  const { id, title, body, path } = message;
  // By its tag, a message that arrives again replaces the notification, without a sound.
  await worker.registration.showNotification(title, { body, tag: id, data: { type: PUSH, path } });
}

async function open(path: string, { clients }: ServiceWorkerGlobalScope): Promise<void> {
  const url = location.origin + path;
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((each) => each.url === url);
  await (page ? page.focus() : clients.openWindow(url));
}

export function listenForPush(worker: ServiceWorkerGlobalScope): void {
  worker.addEventListener('push', (event) => {
    const addressed = addressedIn(event.data);
    if (addressed) event.waitUntil(deliver(addressed, worker));
  });

  worker.addEventListener('notificationclick', (event) => {
    const data: unknown = event.notification.data;
    // A site's own worker may show notifications too.
    if (!(data instanceof Object) || Reflect.get(data, 'type') !== PUSH) return;
    event.notification.close();
    event.waitUntil(open(ownPath(Reflect.get(data, 'path')), worker));
  });
}
