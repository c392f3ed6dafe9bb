import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type RunningDemo, startDemo } from './start-demo';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';

const TEST_MS = 300_000;
/** Longer than the bridge's timeout of 4 s for Tiki. */
const ANSWER_MS = 60_000;

/** The first id that a double cannot hold: it would end in 2. */
const BIG_ID = '9007199254740993';

let bridge: RunningDemo;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];
let foreign: string[];

beforeAll(async () => {
  [bridge, browser] = await Promise.all([startDemo({ ports: 'free' }), launchChromium()]);
});

afterAll(async () => {
  await Promise.all([browser.close(), bridge.stop()]);
});

/** Opens the page in a new browser context. */
async function open(options: BrowserContextOptions = {}): Promise<void> {
  context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  errors = [];
  foreign = [];
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    // The browser logs each refusal by the bridge, which these tests provoke, and by Firestore, since
    // no customer is premium here.
    const { origin, pathname } = new URL(message.location().url, bridge.hostingOrigin);
    const refusal =
      origin === bridge.hostingOrigin &&
      (pathname === '/auth_exchange' || pathname.startsWith('/firestore/'));
    if (message.type() === 'error' && !refusal) errors.push(message.text());
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.hostname !== '127.0.0.1') foreign.push(request.url());
  });
  page = await context.newPage();
  page.setDefaultTimeout(ANSWER_MS);
  await page.goto(bridge.hostingOrigin);
  // Shown once the session is known.
  await page.locator('#log-in').waitFor();
}

afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
});

async function logIn(name: string): Promise<void> {
  await page.getByRole('radio', { name }).check();
  await page.getByRole('button', { name: 'Log in with Tiki' }).click();
  await arrived();
}

const arrived = () => page.locator('#login .summary', { hasText: 'Arrived after' }).waitFor();

const claim = (token: string, name: string) =>
  page.getByRole('article', { name: token }).locator(`[data-claim="${name}"] code`).innerText();

const step = (id: string) => page.locator('#login').locator(`[data-step="${id}"]`);

const scenario = (id: string) => page.locator(`[data-scenario="${id}"]`);

async function strike(id: string): Promise<string> {
  await scenario(id).getByRole('button').click();
  await page.locator(`[data-scenario="${id}"].is-finished`).waitFor();
  return scenario(id).innerText();
}

describe('logging in', () => {
  it('keeps an id above 2^53 exact in both tokens', async () => {
    await open();
    await logIn(BIG_ID);

    expect(await claim('Custom token', 'uid')).toBe(`uid: "tiki:${BIG_ID}"`);
    expect(await claim('Custom token', 'claims.provider')).toBe('provider: "tiki"');
    expect(await claim('ID token', 'user_id')).toBe(`user_id: "tiki:${BIG_ID}"`);
    expect(await claim('ID token', 'sub')).toBe(`sub: "tiki:${BIG_ID}"`);
    expect(await claim('ID token', 'tikiCustomerId')).toBe(`tikiCustomerId: "${BIG_ID}"`);
    expect(await page.getByRole('article', { name: 'ID token' }).innerText()).toContain(
      'read as a JavaScript number it is 9007199254740992: someone else',
    );
  });

  it("shows every step with its time, including the bridge's call to Tiki", async () => {
    await open();
    expect(await page.locator('#login .is-planned').count()).toBe(10);
    await logIn('Trần Thu Hà');

    expect(await page.locator('#login .step:not(.is-done)').count()).toBe(0);
    const call = bridge.simulator.calls.at(-1);
    expect(await step('tiki-asked').innerText()).toContain(call?.signature?.slice(0, 8));
    for (const id of [
      'code-given',
      'tiki-answered',
      'exchange-answered',
      'signed-in',
      'session-kept',
    ]) {
      expect(await step(id).locator('.step-time').innerText()).toMatch(/^(< 1|[\d.]+) m?s$/);
    }
  });

  it('accepts a typed customer, and rejects an invalid id', async () => {
    await open();
    await page.getByRole('radio', { name: 'Someone else' }).check();
    const id = page.getByLabel('Customer id');
    await id.fill('9223372036854775808');
    await page.getByText('Not a customer id').waitFor();
    await id.press('Enter');
    await id.fill('9223372036854775807');
    await page.getByRole('textbox', { name: 'Name' }).fill('<b>Võ</b>');
    const asked = page.waitForRequest((request) => request.url().endsWith('/auth-codes'));
    await id.press('Enter');
    await arrived();

    expect((await asked).postDataJSON()).toMatchObject({
      customerId: '9223372036854775807',
      customerName: '<b>Võ</b>',
      scopes: ['user_profile', 'offline'],
    });
    expect(await claim('ID token', 'sub')).toBe('sub: "tiki:9223372036854775807"');
  });

  it('requests the chosen scopes only', async () => {
    await open();
    await page.getByRole('checkbox', { name: 'offline' }).uncheck();
    const asked = page.waitForRequest((request) => request.url().endsWith('/auth-codes'));
    await logIn('Trần Thu Hà');

    expect((await asked).postDataJSON()).toMatchObject({ scopes: ['user_profile'] });
  });

  it('works from the keyboard and keeps the focus', async () => {
    await open();
    const button = page.locator('#log-in');
    await button.focus();
    await page.keyboard.press('Enter');
    await arrived();

    expect(await page.locator('#log-in:focus').count()).toBe(1);
    expect(await page.locator('#announcer').innerText()).toMatch(/^Arrived after /);
  });

  it('says next to a greyed button why it is greyed', async () => {
    await open();
    await page.route('**/auth_exchange', () => undefined);
    const whyNot = async (id: string) => {
      const button = page.locator(`#${id}[aria-disabled="true"]`);
      const note = page.locator(`#${(await button.getAttribute('aria-describedby')) ?? 'none'}`);
      expect(await note.isVisible()).toBe(true);
      return note.innerText();
    };
    await page.locator('#log-in').click();

    for (const id of ['log-in', 'run-all']) {
      expect(await whyNot(id)).toBe('Buttons are off until the login is done.');
    }
    const fault = scenario('garbage').getByRole('button');
    expect(await fault.getAttribute('aria-disabled')).toBe('true');
    await page.unroute('**/auth_exchange');
    await page.reload();
    await page.getByRole('radio', { name: 'Someone else' }).check();
    expect(await whyNot('log-in')).toBe('Enter a valid customer id to log in.');
  });

  it('shows a raw token only on request', async () => {
    await open();
    await logIn('Trần Thu Hà');
    expect(await page.locator('body').innerText()).not.toContain('eyJ');

    await page.getByRole('button', { name: 'Show raw token' }).click();
    expect(await page.locator('.raw-token').allInnerTexts()).toEqual([
      expect.stringMatching(/^eyJ/),
      expect.stringMatching(/^eyJ/),
    ]);
  });

  it('shows an unreachable bridge at its step, and what to do', async () => {
    await open();
    await page.route('**/auth_exchange', (route) => route.abort());
    await page.getByRole('button', { name: 'Log in with Tiki' }).click();
    await page.locator('#login .failure-note').waitFor();

    const failed = await page.locator('#login .step.is-failed').all();
    expect(await Promise.all(failed.map((one) => one.getAttribute('data-step')))).toEqual([
      'exchange-answered',
    ]);
    expect(await page.locator('#login .failure-note').innerText()).toContain(
      'Is npm start still running?',
    );
    expect(await page.getByText('Log in, and both tokens appear here').count()).toBe(1);
  });
});

describe('what happens when…', () => {
  it.each([
    ['unknown-code', '401', 'invalid-code'],
    ['used-code', '401', 'invalid-code'],
    ['reset', '503', 'tiki-unavailable'],
    ['id-exponent', '502', 'tiki-bad-response'],
    ['invalid-signature', '500', 'tiki-rejected-signature'],
    ['missing-customer', '200', 'signed in'],
  ])('%s comes out as HTTP %s %s', async (id, status, code) => {
    await open();
    const result = await strike(id);

    expect(result).toContain(status);
    expect(result).toContain(code);
    expect(result).toMatch(/\d m?s/);
  });

  it('shows the call of /oauth/me when the exchange returned no customer', async () => {
    await open();
    await strike('missing-customer');

    expect(await page.locator('#faults [data-step="me-asked"]').innerText()).toContain(
      'POST /oauth/me',
    );
  });

  it('shows the reason in the language of the page', async () => {
    await open({ locale: 'vi-VN' });
    await strike('garbage');

    const note = page.locator('#faults .failure-note');
    expect(await note.innerText()).toContain('câu trả lời của Tiki');
    expect(await note.innerText()).toContain('Cách xử lý');
  });

  it('runs every fault, all with the documented result', async () => {
    await open();
    await page.getByRole('button', { name: 'Run all' }).click();

    await page.getByText('21 of 21 as documented').waitFor({ timeout: TEST_MS });
    expect(await scenario('hang').innerText()).toMatch(
      /504[^]*tiki-timeout[^]*(?:[4-9]|\d\d)\.\d\d s/,
    );
  });
});

describe('the jump links', () => {
  it('lead to each section from anywhere on the page, also by keyboard', async () => {
    await open({ viewport: { width: 390, height: 844 } });
    const links = page.getByRole('navigation', { name: 'Sections of this page' }).getByRole('link');
    expect(await links.allInnerTexts()).toEqual([
      ...['Log in', 'Tokens', 'Premium', 'Notifications', 'Faults'],
    ]);

    for (const link of (await links.all()).reverse()) {
      await link.focus();
      await page.keyboard.press('Enter');
      const heading = page.locator(':target h2').first();
      expect(await link.isVisible()).toBe(true);
      const [bar, target] = await Promise.all([link.boundingBox(), heading.boundingBox()]);
      expect(target?.y).toBeGreaterThan((bar?.y ?? 0) + (bar?.height ?? 0));
      expect(target?.y).toBeLessThan(844);
    }
  });

  it('are followed when the page opens with one', async () => {
    await open();
    await page.goto(`${bridge.hostingOrigin}/#faults`);
    await page.reload();
    await page.locator('#log-in').waitFor();

    expect((await page.locator('#faults-heading').boundingBox())?.y).toBeLessThan(900);
  });
});

describe('the API reference', () => {
  it('shows every function, and tries a login against the bridge', async () => {
    await open();
    const opened = context.waitForEvent('page');
    await page.getByRole('link', { name: 'All routes of the bridge' }).click();
    const reference = await opened;
    await reference.getByText('The function auth', { exact: true }).waitFor();
    for (const name of ['gateway', 'sessions', 'payments', 'backend']) {
      await reference.getByText(`The function ${name}`).waitFor();
    }
    await reference.locator('#operations-Login-exchangeCode button').first().click();
    await reference.getByRole('button', { name: 'Try it out' }).click();
    await reference.getByRole('button', { name: 'Execute' }).click();

    // The example's code is made up.
    await reference.locator('.live-responses-table', { hasText: 'invalid-code' }).waitFor();
  });
});

describe('the link to the Emulator UI', () => {
  const link = () => page.getByRole('link', { name: 'Emulator UI' });

  it('is missing where the UI does not run', async () => {
    await open();

    expect(await link().count()).toBe(0);
  });

  it('leads to the accounts where it runs', async () => {
    await open();
    await page.route('**/demo-config.json', async (route) => {
      const response = await route.fetch();
      const config = (await response.json()) as object;
      const json = { ...config, emulatorUiOrigin: 'http://127.0.0.1:4000' };
      await route.fulfill({ response, json });
    });
    await page.reload();

    expect(await link().getAttribute('href')).toBe('http://127.0.0.1:4000/auth');
  });
});

describe('languages', () => {
  it('follows the browser, switches, and remembers the choice', async () => {
    await open({ locale: 'vi-VN' });
    await page.getByRole('heading', { name: 'Đăng nhập bằng Tiki' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('vi');

    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Log in with Tiki' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');

    await page.reload();
    await page.getByRole('heading', { name: 'Log in with Tiki' }).waitFor();
    expect(await page.title()).toBe('Log in with Tiki, arrive in Firebase.');
  });

  it('also translates what is already shown', async () => {
    await open();
    await logIn(BIG_ID);
    await page.getByRole('button', { name: 'Tiếng Việt' }).click();

    expect(await step('tiki-asked').innerText()).toContain('ký bằng HMAC-SHA256');
    expect(await page.getByRole('article', { name: 'Mã thông báo ID' }).innerText()).toContain(
      'cùng một người ở cả hai bên',
    );
  });
});

describe('on a phone', () => {
  it('fits the screen in both languages', async () => {
    await open({ viewport: { width: 320, height: 800 } });
    await logIn('9223372036854775807');
    await strike('invalid-signature');

    for (const language of ['Tiếng Việt', 'English']) {
      await page.getByRole('button', { name: language }).click();
      for (const width of [320, 390]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    }
  });
});
