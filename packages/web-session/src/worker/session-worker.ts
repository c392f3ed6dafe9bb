import { type Answer, type Command, SESSION } from '../messages';
import { codeOf, obey } from './account';
import { send, takesToken } from './requests';

// The type of `self` in this library is that of all workers.
const worker = self as unknown as ServiceWorkerGlobalScope;

// Safe at once: the browser lets the old worker finish its events first, pages and worker exchange
// nothing that depends on a version, and nothing is cached.
worker.addEventListener('install', (event) => {
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
    return { ok: true, user: await obey(command) };
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
    }),
  );
});
