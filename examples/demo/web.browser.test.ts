import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type HostingProxy, startHostingProxy } from '@tiki-bridge/testing/browser/hosting-proxy';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import type { PremiumStep } from './premium-server/protocol';
import { type RunningDemo, startDemo } from './start-demo';

const ANSWER_MS = 60_000;
/** How often the server's time is measured. */
const MEASURED = 15;

/** A browser without service workers. */
const WITHOUT_WORKERS = `Object.defineProperty(navigator, 'serviceWorker', { value: undefined })`;

/** Records what each frame shows, through all navigations of a tab. */
const RECORD_SHOWN = `{
  const record = () => {
    // A new tab's empty page has no storage.
    if (location.protocol === 'about:') return;
    const main = document.querySelector('main');
    const state = main?.dataset.state ? main.id + ' ' + main.dataset.state : main?.id;
    const shown = JSON.parse(sessionStorage.getItem('shown') ?? '[]');
    if (state && shown.at(-1) !== state) {
      sessionStorage.setItem('shown', JSON.stringify([...shown, state]));
    }
    requestAnimationFrame(record);
  };
  record();
}`;

let bridge: RunningDemo;
let site: string;
let proxy: HostingProxy;
let browser: Browser;
let errors: string[];
const contexts: BrowserContext[] = [];

interface Profile extends BrowserContextOptions {
  readonly workers?: boolean;
}

/** A new browser profile behind the proxy. */
async function openContext({ workers = true, ...options }: Profile = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    // Chromium leaves proxies out for loopback, unless it is told not to.
    proxy: { server: proxy.server, bypass: '<-loopback>' },
    ...options,
  });
  contexts.push(context);
  context.setDefaultTimeout(ANSWER_MS);
  if (!workers) await context.addInitScript(WITHOUT_WORKERS);
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    // The demo page's Firestore reads are refused as long as nobody is premium.
    const isOurs = message.location().url.startsWith(site);
    if (message.type() === 'error' && isOurs) errors.push(message.text());
  });
  return context;
}

/** Signs in on the web itself, as a customer of the simulator. */
async function signIn(page: Page, name: string): Promise<void> {
  await page.goto(site);
  await page.getByRole('button', { name }).click();
  await page.waitForURL(`${site}/profile`);
}

async function openSignedIn(name: string, profile: Profile = {}): Promise<Page> {
  const context = await openContext(profile);
  const page = await context.newPage();
  await signIn(page, name);
  return page;
}

const uidOn = (page: Page) => page.locator('.facts code').innerText();

/** The last request for a page, as the function saw it. */
function lastRequest(path: string) {
  const request = proxy.seen.findLast((seen) => seen.path === path);
  if (request === undefined) throw new Error(`Nobody asked for ${path}`);
  return request;
}

async function take(step: PremiumStep, uid: string): Promise<void> {
  const response = await fetch(`${bridge.premiumOrigin ?? ''}/premium/${step}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ uid }),
  });
  expect(response.status).toBe(200);
}

/** `npm run bridge -- …`, on these emulators. */
async function operate(...args: readonly string[]): Promise<string> {
  const command = ['bootstrap.mjs', 'packages/cli/src/main.ts', ...args];
  const env = {
    ...process.env,
    FIREBASE_AUTH_EMULATOR_HOST: new URL(bridge.authEmulatorOrigin).host,
    FIRESTORE_EMULATOR_HOST: bridge.firestoreHost,
  };
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    cwd: PROJECT_ROOT,
    env,
  });
  return stdout;
}

const CLOSED = ['denied', 'denied'];

/** Whether the lessons are `read` or `denied`, on a new visit of the page. */
async function lessons(page: Page): Promise<(string | null)[]> {
  await page.goto(`${site}/premium`);
  // Until it has come again with a token with the latest claims.
  await page.locator('#premium:not([data-state="renewing"])').waitFor();
  // Which its address does not keep.
  await page.waitForURL(`${site}/premium`);
  const cards = await page.locator('.lesson').all();
  const states = await Promise.all(cards.map((card) => card.getAttribute('data-state')));
  // A busy machine may take longer than the server waits for Firestore.
  return states.includes('unavailable') ? lessons(page) : states;
}

describeWithFirestore('the web pages', () => {
  beforeAll(async () => {
    [bridge, browser] = await Promise.all([
      startDemo({ ports: 'free', web: true }),
      launchChromium(),
    ]);
    site = bridge.companionOrigin ?? '';
    proxy = await startHostingProxy(site);
  });

  afterAll(async () => {
    await browser.close();
    await Promise.all([proxy.close(), bridge.stop()]);
  });

  beforeEach(() => {
    proxy.seen.length = 0;
    errors = [];
  });

  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(errors).toEqual([]);
  });

  it.each([
    ['a service worker', true],
    ['a cookie', false],
  ])('take over the user of the app without a flash, with %s', async (_, workers) => {
    const context = await openContext({ workers });
    await context.addInitScript(RECORD_SHOWN);
    const demo = await context.newPage();
    await demo.goto(bridge.hostingOrigin);
    await demo.getByRole('radio', { name: '9007199254740993' }).check();
    await demo.locator('#log-in').click();
    const opening = context.waitForEvent('page');
    await demo.locator('#open-web').click();
    const page = await opening;
    await page.waitForURL(`${site}/profile?lang=en`);

    expect(await uidOn(page)).toBe('tiki:9007199254740993');
    expect(await page.locator('h1').innerText()).toBe('Hello, Phạm Ngọc Ánh');
    const shown = await page.evaluate<string>(`sessionStorage.getItem('shown')`);
    expect(JSON.parse(shown)).toEqual(['sign-in signing-in', 'profile']);
    // Neither token, code nor verifier.
    const paths = proxy.seen.map(({ path }) => path).filter((path) => !path.endsWith('.woff2'));
    expect(paths.join('\n')).not.toMatch(/[\w-]{43}|eyJ/);
  });

  it('stay signed in on reload, in a new tab, and after a time offline', async () => {
    const page = await openSignedIn('Trần Thu Hà');
    const context = page.context();
    await page.reload();
    expect(await uidOn(page)).toBe('tiki:27051990');

    const tab = await context.newPage();
    await tab.goto(site);
    expect(tab.url()).toBe(`${site}/profile`);
    expect(await uidOn(tab)).toBe('tiki:27051990');

    await context.setOffline(true);
    await expect(tab.goto(`${site}/premium`)).rejects.toThrow('net::ERR_');
    await context.setOffline(false);
    await tab.goto(`${site}/profile`);
    expect(await uidOn(tab)).toBe('tiki:27051990');
    expect(lastRequest('/profile')).toMatchObject({
      authorization: expect.stringMatching(/^Bearer ey/) as string,
      cookies: [],
    });
  });

  it.each([
    ['a service worker', true],
    ['a cookie', false],
  ])('change users and sign out in all tabs at once, with %s', async (_, workers) => {
    const page = await openSignedIn('Trần Thu Hà', { workers });
    const other = await page.context().newPage();
    await other.goto(`${site}/profile`);

    await page.goto(`${site}/?from=app`);
    // Hidden while the page waits for the app.
    await page.locator('[data-customer="9007199254740993"]').dispatchEvent('click');
    await page.waitForURL(`${site}/profile`);
    await other.getByText('tiki:9007199254740993').waitFor();

    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await Promise.all([page.waitForURL(`${site}/`), other.waitForURL(`${site}/`)]);

    await other.goto(`${site}/profile`);
    expect(other.url()).toBe(`${site}/`);
    expect(lastRequest('/profile')).toMatchObject({ authorization: undefined, cookies: [] });
  });

  it('have the session in a cookie where there are no service workers', async () => {
    const page = await openSignedIn('Trần Thu Hà', { workers: false });
    const context = page.context();
    // Production's Hosting removes it, as the proxy does.
    await context.addCookies([{ name: 'theme', value: 'dark', url: site }]);
    await page.reload();

    expect(await uidOn(page)).toBe('tiki:27051990');
    const { authorization, cookies } = lastRequest('/profile');
    expect({ authorization, cookies: [...cookies].sort() }).toEqual({
      authorization: undefined,
      cookies: ['__session', 'theme'],
    });
    expect(await context.cookies()).toContainEqual(
      expect.objectContaining({
        name: '__session',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
        path: '/',
      }),
    );
  });

  it('end a session that was there before if the app fails to say who its user is', async () => {
    const page = await openSignedIn('Trần Thu Hà', { workers: false });
    // Tiki's part of a web-view, with an app that answers.
    await page.addInitScript(`window.my = {
      postMessage: ({ type }) => window.postMessage({ type, code: 'c'.repeat(43) }, location.origin),
    }`);
    await page.route('**/session/trade', (route) =>
      route.fulfill({ status: 503, json: { code: 'upstream-unavailable' } }),
    );
    const signedOut = page.waitForResponse('**/session/sign_out');
    await page.goto(`${site}/?from=app`);
    await signedOut;

    await page.goto(`${site}/profile`);
    expect(page.url()).toBe(`${site}/`);
    // The page that is shown now asks the app as well, and is refused at any time until it closes.
    await page.context().close();
    errors = [];
  });

  it('show the notification that an operator sends, and so does the phone of the demo page', async () => {
    const page = await openSignedIn('Trần Thu Hà');
    await page.getByRole('button', { name: 'Turn on notifications' }).click();
    await page.getByText('Notifications are on in this browser').waitFor();
    expect(await page.locator('[data-when]:visible').count()).toBe(1);
    const demo = await page.context().newPage();
    await demo.goto(bridge.hostingOrigin);
    await demo.locator('#log-in').click();
    await demo.locator('#ask-backend').click();
    await demo.getByText('Your backend sees tiki:27051990').waitFor();
    await demo.locator('#register-phone').click();
    await demo.locator('.phone-state.is-registered').waitFor();

    const text = ['--title', 'Chào <b>Hà</b>', '--body', 'Bài học mới', '--path', '/premium'];
    const sent = await operate('push', 'send', 'tiki:27051990', ...text);
    expect(sent).toContain('Written as tiki:27051990/');

    const link = page.locator('#notification a');
    expect(await link.innerText()).toBe('Chào <b>Hà</b> – Bài học mới');
    expect(await link.getAttribute('href')).toBe('/premium');
    const shown = demo.locator('.phone li');
    expect(await shown.innerText()).toMatch(
      /^Chào <b>Hà<\/b>\s+Bài học mới\s+A tap opens \/premium$/,
    );

    // The bridge's own news, in the language in which the phone was registered.
    await take('grant', 'tiki:27051990');
    await demo.getByText('Premium is yours').waitFor();
    await take('refund', 'tiki:27051990');
    await demo.getByText('A purchase was refunded').waitFor();
    expect(await shown.count()).toBe(3);

    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('button', { name: 'Turn on notifications' }).waitFor();
  });

  it('follow premium from purchase to expiry and refund, with a worker and with a cookie', async () => {
    await Promise.all(
      (
        [
          ['Trần Thu Hà', 'tiki:27051990', true],
          ['Phạm Ngọc Ánh', 'tiki:9007199254740993', false],
        ] as const
      ).map(async ([name, uid, workers]) => {
        const page = await openSignedIn(name, { workers });
        expect(await lessons(page)).toEqual(CLOSED);

        // The token is older than the purchase: the worker gets a new one, or the server does. Again and
        // again, because premium of a few seconds may have ended when a busy machine shows the page.
        do await take('expire', uid);
        while (!(await lessons(page)).every((state) => state === 'read'));
        while ((await lessons(page)).includes('read'));

        await take('grant', uid);
        expect(await lessons(page)).toEqual(['read', 'read']);
        expect(await page.locator('.lesson').allInnerTexts()).toEqual([
          expect.stringContaining('from the fish sauce up'),
          expect.stringContaining('family recipe'),
        ]);

        // Where the rules look at the token alone, by a new one.
        await take('refund', uid);
        expect(await lessons(page)).toEqual(CLOSED);
        expect(await page.locator('.lesson').last().innerText()).not.toContain('recipe closes');
      }),
    );
  });

  it('show receipts to their owner, with amounts in the language of the page', async () => {
    const documents = `projects/${bridge.projectId}/databases/(default)/documents`;
    const receipt = {
      reference: { stringValue: 'o1' },
      name: {
        mapValue: { fields: { vi: { stringValue: '1 tháng' }, en: { stringValue: '1 month' } } },
      },
      priceVnd: { integerValue: '49000' },
      paidAt: { integerValue: String(Date.UTC(2026, 10, 22)) },
      refundedAt: { nullValue: null },
    };
    const written = await fetch(
      `http://${bridge.firestoreHost ?? ''}/v1/${documents}/users/tiki:27051990/receipts/o1`,
      {
        method: 'PATCH',
        headers: { Authorization: 'Bearer owner', 'Content-Type': 'application/json' },
        body: JSON.stringify({ fields: receipt }),
      },
    );
    expect(written.status).toBe(200);

    const page = await openSignedIn('Trần Thu Hà', { workers: false });
    const rowIn = async (lang: string) => {
      await page.goto(`${site}/receipts?lang=${lang}`);
      return page.locator('.receipts tbody tr').innerText();
    };
    expect(await rowIn('en')).toMatch(/22 Nov 2026\s+1 month\s+₫49,000/);
    expect(await rowIn('vi')).toMatch(/22 thg 11, 2026\s+1 tháng\s+49\.000\s₫/);

    const other = await openSignedIn('Phạm Ngọc Ánh', { workers: false });
    await other.goto(`${site}/receipts?lang=en`);
    expect(await other.locator('main').innerText()).toContain('not bought anything');
  });

  it('have one for addresses without a page, in both languages', async () => {
    for (const [lang, title] of [
      ['vi', 'Không tìm thấy trang'],
      ['en', 'Page not found'],
    ]) {
      const response = await fetch(`${site}/no/such/page?lang=${lang}`);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain(title);
    }
  });

  it('take a hand-over code once, and from their own origin only', async () => {
    await openSignedIn('Trần Thu Hà');
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const post = (url: string, headers: Record<string, string>, body: object) =>
      fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const { authorization = '' } = lastRequest('/profile');
    const handedOver = await post(
      `${bridge.hostingOrigin}/session/hand_over`,
      { Authorization: authorization },
      { challenge, origin: site },
    );
    const { code } = (await handedOver.json()) as { readonly code: string };
    const trade = (origin: string) =>
      post(`${site}/session/trade`, { Origin: origin }, { code, verifier });

    const answers = [await trade(bridge.hostingOrigin), await trade(site), await trade(site)];
    expect(answers.map(({ status }) => status)).toEqual([403, 200, 403]);
  });

  it('fit a phone and a desktop in both languages, and axe finds nothing', async () => {
    const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
    for (const width of [360, 1280]) {
      for (const [locale, colorScheme] of [
        ['vi-VN', 'light'],
        ['en-GB', 'dark'],
      ] as const) {
        const viewport = { width, height: 800 };
        const context = await openContext({ locale, colorScheme, viewport });
        const page = await context.newPage();
        const check = async (path: string) => {
          if (page.url() !== site + path) await page.goto(site + path);
          expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
          const { violations } = await page.evaluate<{ violations: { id: string }[] }>(
            `${axe}; axe.run()`,
          );
          expect(violations.map(({ id }) => `${path}: ${id}`)).toEqual([]);
        };
        await check('/?from=app');
        await signIn(page, 'Trần Thu Hà');
        await check('/profile');
        await check('/premium');
        await check('/receipts');
      }
    }
  });

  it('load no script where none is needed, and say how long the server took', async () => {
    const page = await openSignedIn('Trần Thu Hà', { workers: false });
    const cookies = await page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const worker = await openSignedIn('Trần Thu Hà');
    let scriptBytes = 0;
    worker.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      void response.body().then((body) => (scriptBytes += body.length));
    });
    await worker.goto(`${site}/premium`, { waitUntil: 'networkidle' });
    expect(scriptBytes).toBe(0);

    const { authorization = '' } = lastRequest('/premium');
    const lines = [`Script of /premium: ${scriptBytes} bytes`];
    for (const path of ['/profile', '/premium']) {
      for (const [via, headers] of [
        ['header', { authorization }],
        ['cookie', { cookie }],
      ] as const) {
        const times: number[] = [];
        for (let run = 0; run < MEASURED; run += 1) {
          const start = performance.now();
          const response = await fetch(site + path, { headers, redirect: 'manual' });
          await response.text();
          times.push(performance.now() - start);
          expect(response.status).toBe(200);
          expect(response.headers.get('cache-control')).toBe('private, no-store');
          expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
          const policy = response.headers.get('content-security-policy');
          expect(policy).toContain("default-src 'none'");
          expect(policy).not.toContain('unsafe');
        }
        const median = times.sort((a, b) => a - b)[Math.floor(MEASURED / 2)] ?? 0;
        lines.push(`Server time of ${path}, ${via}: ${median.toFixed(0)} ms (median)`);
      }
    }
    // jest reserves standard output.
    process.stderr.write(`\n${lines.join('\n')}\n`);
  });
});
