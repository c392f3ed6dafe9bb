import type { Page, Worker } from 'playwright-core';
import { workerOf, world } from './world';

/** Lets a test wait for what an event started, as the browser does. */
const TASKS = `(() => {
  if (self.tasks) return;
  self.tasks = [];
  const { waitUntil } = ExtendableEvent.prototype;
  ExtendableEvent.prototype.waitUntil = function (task) {
    self.tasks.push(task);
    // The browser accepts it for its own events only, and a test dispatches the click.
    if (this.isTrusted) waitUntil.call(this, task);
  };
})()`;

export interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
}

export interface Deliveries {
  /** Delivers a push event with FCM's payload to the real worker; resolves when it has been handled. */
  message(data: Readonly<Record<string, string>>): Promise<void>;
  /** Delivers any payload, which may not be handled at all. */
  raw(payload: string): Promise<void>;
  /** The notifications that are shown. */
  shown(): Promise<Shown[]>;
  /** Clicks on the only one. Returns the address that was opened or focused. */
  click(): Promise<unknown>;
}

/**
 * Push events for the worker of a page's profile; the page may be closed or hidden then.
 *
 * @param uid Whom the messages are for, unless they say it.
 */
export async function deliveriesTo(page: Page, uid: string): Promise<Deliveries> {
  const worker: Worker = workerOf(page);
  // Of a page of its own, which stays open: an empty one, so no client of the worker.
  const inspector = await page.context().newCDPSession(await page.context().newPage());
  const { origin } = world().site;
  const registrationId = await new Promise<string>((resolve, reject) => {
    inspector.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL === `${origin}/`);
      if (own) resolve(own.registrationId);
    });
    inspector.send('ServiceWorker.enable').catch(reject);
  });
  await worker.evaluate(TASKS);
  const raw = async (data: string) => {
    await inspector.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
  };
  return {
    raw,
    async message(data) {
      await worker.evaluate('tasks.length = 0');
      await raw(
        JSON.stringify({
          data: { uid, ...data },
          from: '1234567890',
          fcmMessageId: 'a',
          priority: 'normal',
        }),
      );
      await worker.evaluate(`(async () => {
        while (tasks.length === 0) await new Promise((resolve) => setTimeout(resolve));
        await Promise.all(tasks);
      })()`);
    },
    shown: () =>
      worker.evaluate(`registration.getNotifications().then((all) =>
        all.map(({ title, body, tag }) => ({ title, body, tag })))`),
    // A window opens for clicks of a person only, so this is seen one step before.
    click: () =>
      worker.evaluate(`(async () => {
        let went;
        Clients.prototype.openWindow = async (url) => { went = { opened: url }; };
        WindowClient.prototype.focus = async function () { went = { focused: this.url }; };
        const [notification] = await registration.getNotifications();
        tasks.length = 0;
        dispatchEvent(new NotificationEvent('notificationclick', { notification }));
        await Promise.all(tasks);
        return went;
      })()`),
  };
}
