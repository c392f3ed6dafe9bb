import { PROJECT_ID } from '@tiki-bridge/testing/emulators/project-files';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { open, signIn, workerOf, world } from './world';

const CONFIG = {
  firebase: {
    apiKey: 'demo-api-key',
    appId: '1:1234567890:web:0123456789abcdef',
    messagingSenderId: '1234567890',
    projectId: PROJECT_ID,
  },
  // The public half of a P-256 key.
  vapidKey: Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]).toString('base64url'),
};

/** A page at `/push`, whose scripts start the session and its notifications. */
function servePushPage(): void {
  world().site.routes.set('/push', ({ path }) => ({
    headers: { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' },
    body: `<!doctype html><html lang="${path.includes('lang=en') ? 'en' : 'vi'}">
      <title>page</title><link rel="icon" href="data:,">
      <script type="module">
        import { startSession } from '/session.js';
        import { startPush } from '/push.js';
        const session = startSession();
        window.push = startPush(session, ${JSON.stringify(CONFIG)});
        window.session = session;
      </script>`,
  }));
}

/**
 * The browser's push service cannot be reached here. This stands in for its subscriptions, which belong
 * to a profile, as far as pages see them.
 */
const SUBSCRIPTIONS = `(() => {
  if (!self.PushManager || !self.localStorage) return;
  const bytes = (length, seed) => Uint8Array.from({ length }, (_, i) => seed + i).buffer;
  const found = () => {
    const endpoint = localStorage.getItem('endpoint');
    return endpoint && {
      endpoint,
      getKey: (name) => (name === 'auth' ? bytes(16, 1) : bytes(65, 2)),
    };
  };
  PushManager.prototype.getSubscription = async () => found();
  PushManager.prototype.subscribe = async (options) => {
    window.subscribedWith = options;
    localStorage.setItem('endpoint', 'https://push.example/' + crypto.randomUUID());
    return found();
  };
  new BroadcastChannel('unsubscribed').onmessage = () => localStorage.removeItem('endpoint');
})()`;

/** The worker's view of the subscription. */
const WORKER_SUBSCRIPTION = `(() => {
  self.unsubscribed = 0;
  PushManager.prototype.getSubscription = async () => ({
    async unsubscribe() {
      self.unsubscribed += 1;
      new BroadcastChannel('unsubscribed').postMessage(null);
      return true;
    },
  });
})()`;

/** A call of the Firebase SDK to Google. */
export interface GoogleCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Profile {
  readonly context: BrowserContext;
  /** The calls that pages made to FCM and to Firebase Installations. */
  readonly google: GoogleCall[];
}

let tokens = 0;

/** A new browser profile, whose user allows notifications, with FCM's registration in reach. */
export async function newProfile(permissions = ['notifications']): Promise<Profile> {
  servePushPage();
  const context = await world().browser.newContext();
  await context.grantPermissions(permissions, { origin: world().site.origin });
  await context.addInitScript(SUBSCRIPTIONS);
  const google: GoogleCall[] = [];
  const answer = (reply: () => object) => async (route: Route) => {
    const request = route.request();
    const call = { method: request.method(), url: request.url(), headers: request.headers() };
    google.push({ ...call, body: request.postDataJSON() as unknown });
    await route.fulfill({ json: reply(), headers: { 'Access-Control-Allow-Origin': '*' } });
  };
  await context.route(
    'https://firebaseinstallations.googleapis.com/**',
    answer(() => ({
      fid: 'cNUuDoVAS1W2x0YRGFUdrF',
      refreshToken: 'refresh',
      authToken: { token: 'installation', expiresIn: '604800s' },
    })),
  );
  await context.route(
    'https://fcmregistrations.googleapis.com/**',
    answer(() => ({ token: `fcm-${(tokens += 1)}` })),
  );
  return { context, google };
}

/** A page with notifications on which a user is signed in. */
export async function openPush({ context }: Profile, uid: string, query = ''): Promise<Page> {
  const page = await open(context, world().site, `/push${query}`);
  await signIn(page, uid);
  await workerOf(page).evaluate(WORKER_SUBSCRIPTION);
  return page;
}

export const turnOn = (page: Page): Promise<unknown> => page.evaluate('push.turnOn()');
export const stateOf = (page: Page): Promise<unknown> => page.evaluate('push.state()');
export const unsubscribed = (page: Page): Promise<unknown> =>
  workerOf(page).evaluate('unsubscribed');

/** A user's devices, by id, as they are stored. */
export async function devicesOf(uid: string): Promise<Record<string, Record<string, string>>> {
  const listed = await firestore(`users/${encodeURIComponent(uid)}/devices`, {});
  const { documents = [] } = (await listed.json()) as {
    documents?: readonly { name: string; fields: Record<string, Record<string, string>> }[];
  };
  return Object.fromEntries(
    documents.map(({ name, fields }) => [
      name.slice(name.lastIndexOf('/') + 1),
      Object.fromEntries(
        Object.entries(fields).map(([field, value]) => [field, Object.values(value)[0] ?? '']),
      ),
    ]),
  );
}

/** Stores a device as another browser of the user would. */
export async function storeDevice(uid: string, id: number, token: string): Promise<void> {
  const fields = {
    token: { stringValue: token },
    platform: { stringValue: 'android' },
    language: { stringValue: 'vi' },
    updatedAt: { timestampValue: new Date().toISOString() },
  };
  await firestore(`users/${encodeURIComponent(uid)}/devices/${id}`, {
    method: 'PATCH',
    body: JSON.stringify({ fields }),
  });
}

/** The emulator's way past the rules. */
async function firestore(path: string, init: RequestInit): Promise<Response> {
  const host = world().firestore?.host ?? '';
  const url = `http://${host}/v1/projects/${PROJECT_ID}/databases/(default)/documents/${path}`;
  const headers = { Authorization: 'Bearer owner', 'Content-Type': 'application/json' };
  const answer = await fetch(url, { ...init, headers });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer;
}
