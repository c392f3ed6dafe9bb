import { type Answer, type Command, SESSION } from '../messages';
import { codeOf, currentOwner, obey } from './account';
import { devicesSettled, isDeviceCommand, obeyForDevice } from './device';
import { listenForPush } from './notifications';
import { send, takesToken } from './requests';

// The type of `self` in this library is that of all workers.
const worker = self as unknown as ServiceWorkerGlobalScope;

/** Chromium's static routing, since version 123. */
interface InstallEvent extends ExtendableEvent {
  addRoutes?(rule: { readonly condition: object; readonly source: string }): Promise<void>;
}

worker.addEventListener('install', (event: InstallEvent) => {
  // While it starts a stopped worker, Chromium sends a navigation to the network, and gives that answer
  // even to a fetch with other headers ("ServiceWorkerAutoPreload"): the server would not know the user.
  // This rule turns that off.
  const navigations = { condition: { requestMode: 'navigate' }, source: 'fetch-event' };
  event.waitUntil(Promise.resolve(event.addRoutes?.(navigations)));
  // Safe at once: the browser lets the old worker finish its events first, pages and worker exchange
  // nothing that depends on a version, and nothing is cached.
  event.waitUntil(worker.skipWaiting());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener('fetch', (event) => {
  if (takesToken(event.request)) event.respondWith(send(event.request));
});

async function answer(command: Command): Promise<Answer> {
  try {
    const user = await obey(command);
    if (!isDeviceCommand(command)) return { ok: true, user };
    return { ok: true, user, device: await obeyForDevice(command, currentOwner) };
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

/** Only pages of the same origin can send messages to a service worker. */
function isCommand(data: unknown): data is Command {
  return typeof data === 'object' && data !== null && Reflect.get(data, 'type') === SESSION;
}

worker.addEventListener('message', (event) => {
  const data: unknown = event.data;
  const [port] = event.ports;
  if (port === undefined || !isCommand(data)) return;
  event.waitUntil(
    answer(data).then((found) => {
      port.postMessage(found);
      return devicesSettled();
    }),
  );
});

listenForPush(worker);
