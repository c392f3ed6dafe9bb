import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type RunningDemo, startDemo } from './start-demo';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';

const ANSWER_MS = 60_000;

let bridge: RunningDemo;
let browser: Browser;
let page: Page;
/** The page's requests since it was opened: `GET http://127.0.0.1:5002/…`. */
let requested: string[];

beforeAll(async () => {
  [bridge, browser] = await Promise.all([startDemo({ ports: 'free' }), launchChromium()]);
});

afterAll(async () => {
  await Promise.all([browser.close(), bridge.stop()]);
});

/** Opens the page in a new browser context. */
async function open(options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  requested = [];
  context.on('request', (request) => {
    const { protocol, origin, pathname } = new URL(request.url());
    if (protocol !== 'data:') requested.push(`${request.method()} ${origin}${pathname}`);
  });
  page = await context.newPage();
  page.setDefaultTimeout(ANSWER_MS);
  await page.goto(bridge.hostingOrigin);
  // Shown once the session is known.
  await page.locator('#log-in').waitFor();
}

afterEach(async () => {
  bridge.simulator.clearFaults();
  await page.context().close();
});

const choose = (name: string) => page.getByRole('radio', { name }).check();

async function logInAs(name: string): Promise<void> {
  await choose(name);
  await page.locator('#log-in').click();
  await page.locator('#login .summary', { hasText: 'Arrived after' }).waitFor();
  await page.locator('[data-session="in"]').waitFor();
}

const note = (session: string) => page.locator(`[data-session="${session}"]`);

const uid = () => page.locator('.token-id [data-claim="sub"] code').innerText();

const refuseSignature = () => {
  bridge.simulator.setFault({
    path: '/oauth/auth/token',
    fault: { kind: 'error-envelope', reason: 'invalid_signature', status: 400 },
  });
};

it('offers no web pages where the bridge has no Firestore for the hand-over', async () => {
  await open();
  await page.route('**/demo-config.json', async (route) => {
    const config = (await (await route.fetch()).json()) as object;
    const firestore = { available: false, reason: 'not installed' };
    await route.fulfill({ json: { ...config, webOrigin: bridge.hostingOrigin, firestore } });
  });
  await page.reload();
  await logInAs('Trần Thu Hà');

  expect(await note('in').locator('#no-web').innerText()).toContain('needs Firestore');
  expect(await page.locator('#open-web').count()).toBe(0);
});

describe('what the demo serves', () => {
  it('includes the addresses of the emulators and the simulator', async () => {
    await open();
    const answer = await fetch(`${bridge.hostingOrigin}/demo-config.json`);

    expect(await answer.json()).toEqual({
      projectId: 'demo-tiki-bridge',
      authEmulatorOrigin: bridge.authEmulatorOrigin,
      simulatorOrigin: bridge.simulator.origin,
      premiumOrigin: bridge.premiumOrigin,
      fcmOrigin: bridge.fcmOrigin,
      firestore:
        bridge.firestoreHost === undefined
          ? { available: false, reason: bridge.firestoreUnavailableReason }
          : {
              available: true,
              host: '127.0.0.1',
              port: Number(bridge.firestoreHost.split(':')[1]),
            },
    });
  });

  it("answers with the caller's Tiki id through /backend/whoami", async () => {
    await open();
    await logInAs('9007199254740993');
    await page.getByRole('button', { name: 'Show raw token' }).click();
    const idToken = await page.locator('.token-id .raw-token').innerText();
    const whoami = (headers: Record<string, string>) =>
      fetch(`${bridge.hostingOrigin}/backend/whoami`, { headers });

    expect((await whoami({})).status).toBe(401);
    const response = await whoami({ Authorization: `Bearer ${idToken}` });
    expect(await response.json()).toEqual({ uid: 'tiki:9007199254740993' });
  });
});

describe('the requests of the page', () => {
  it("go to its own origin and the Tiki simulator, in the library's order", async () => {
    await open();
    await logInAs('Trần Thu Hà');

    const own = bridge.hostingOrigin;
    const calls = requested.filter((call) => !/\.(html|js|css|json|woff2)$|\/$/.test(call));
    expect(calls).toEqual([
      `POST ${bridge.simulator.origin}/simulator/auth-codes`,
      `POST ${own}/auth_exchange`,
      `GET ${bridge.simulator.origin}/simulator/calls`,
      `POST ${own}/identitytoolkit/v1/accounts:signInWithCustomToken`,
      ...calls.slice(4),
    ]);
    // Then the gates and the shop.
    const after = [`POST ${own}/firestore/v1/`, `GET ${own}/plans`, `GET ${own}/orders`];
    expect(calls.slice(4).filter((call) => !after.some((known) => call.startsWith(known)))).toEqual(
      [],
    );
  });

  it('go to no other origins than those, the premium server and the simulated FCM', async () => {
    await open();
    await logInAs('Trần Thu Hà');
    const asked = [bridge.hostingOrigin, bridge.simulator.origin];
    if (bridge.premiumOrigin !== undefined) {
      await page.locator('#premium-grant').click();
      await page.locator('.event-press').waitFor();
      await page.locator('#premium-refresh[aria-disabled=false]').click();
      await page.locator('[data-gate="record"].is-open').waitFor();
      asked.push(bridge.premiumOrigin);
      expect(requested).toContain(`POST ${bridge.hostingOrigin}/securetoken/v1/token`);
    }

    const origins = requested.map((call) => new URL(call.split(' ')[1] ?? '').origin);
    // The phone may have looked for its notifications already.
    const others = [...new Set(origins)].filter((origin) => origin !== bridge.fcmOrigin);
    expect(others.sort()).toEqual(asked.sort());
  });
});

describe('the session', () => {
  it('survives a reload without the network, and is shown as restored', async () => {
    await open();
    await logInAs('9007199254740993');
    const sent = (path: string) => requested.filter((call) => call.includes(path)).length;
    await page.reload();
    await note('in').waitFor();

    expect(await uid()).toBe('sub: "tiki:9007199254740993"');
    expect(await page.locator('#login .summary').innerText()).toMatch(
      /^Restored after .+ m?s, without the network\.$/,
    );
    const steps = await page.locator('#login .step.is-done').all();
    expect(await Promise.all(steps.map((step) => step.getAttribute('data-step')))).toEqual([
      'session-read',
      'customer-asked',
      'customer-given',
    ]);
    expect(await page.getByRole('article', { name: 'Custom token' }).innerText()).toContain(
      'never stored',
    );
    expect(sent('/auth-codes')).toBe(1);
    expect(sent('/auth_exchange')).toBe(1);
    expect(sent('/securetoken')).toBe(0);
  });

  it('ends when another customer holds the phone, and does not return for the first', async () => {
    await open();
    await logInAs('Trần Thu Hà');
    await choose('Lê Quốc Bảo');
    await note('user-changed').waitFor();

    expect(await note('user-changed').innerText()).toContain('Log in again.');
    expect(await note('user-changed').innerText()).toContain('Someone else is holding the phone');
    expect(await page.locator('.token-pair').count()).toBe(0);
    await page.locator('#login .summary', { hasText: 'Press the button' }).waitFor();

    await choose('Trần Thu Hà');
    await page.reload();
    await note('not-signed-in').waitFor();
    await logInAs('Lê Quốc Bảo');
    expect(await uid()).toBe('sub: "tiki:1042"');
  });

  it('is withheld without a customer, and restored for the same customer', async () => {
    await open();
    await logInAs('Trần Thu Hà');
    await choose('Someone else');
    await note('user-unknown').waitFor();
    expect(await page.locator('.token-pair').count()).toBe(0);

    await choose('Trần Thu Hà');
    await note('in').waitFor();
    expect(await uid()).toBe('sub: "tiki:27051990"');
  });

  it('ends on logout, also for the next start', async () => {
    await open();
    await logInAs('Trần Thu Hà');
    await page.getByRole('button', { name: 'Log out' }).click();
    await note('not-signed-in').waitFor();
    await page.reload();

    await note('not-signed-in').waitFor();
    expect(await page.getByText('Log in, and both tokens appear here').count()).toBe(1);
  });
});

describe('a login that fails', () => {
  it.each([
    ['en-GB', 'App error. Tell its developer.', 'What to do'],
    ['vi-VN', 'Ứng dụng lỗi. Hãy báo nhà phát triển.', 'Cách xử lý'],
  ])(
    'shows the error of the library in %s, with the request id',
    async (locale, message, advice) => {
      await open({ locale });
      refuseSignature();
      const answered = page.waitForResponse('**/auth_exchange');
      await page.locator('#log-in').click();
      const shown = page.locator('#login .failure-note');
      await shown.waitFor();

      const problem: unknown = await (await answered).json();
      expect(problem).toMatchObject({ code: 'tiki-rejected-signature' });
      const text = await shown.innerText();
      for (const part of ['tiki-rejected-signature', message, advice]) expect(text).toContain(part);
      expect(problem).toMatchObject({
        requestId: await shown.locator('.request-id code').innerText(),
      });
    },
  );

  it('uses the last chosen language', async () => {
    await open();
    await page.getByRole('button', { name: 'Tiếng Việt' }).click();
    refuseSignature();
    await page.locator('#log-in').click();

    const message = 'Ứng dụng lỗi. Hãy báo nhà phát triển.';
    await page.locator('#login .failure-note', { hasText: message }).waitFor();
  });

  it('is repeated by the library with the same code if the bridge did not use it', async () => {
    await open();
    const overloaded = JSON.stringify({ status: 503, code: 'overloaded' });
    const problem = { status: 503, contentType: 'application/problem+json', body: overloaded };
    await page.route('**/auth_exchange', (route) => route.fulfill(problem), { times: 1 });
    await logInAs('Trần Thu Hà');

    const earlier = page.locator('#login [data-step="earlier-exchange"]');
    expect(await earlier.innerText()).toMatch(/503 overloaded\s+code unused: sent again/);
    expect(requested.filter((call) => call.endsWith('/auth-codes'))).toHaveLength(1);
  });
});
