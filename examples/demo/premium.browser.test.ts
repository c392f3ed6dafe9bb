import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Page,
  Response,
} from 'playwright-core';
import { type RunningDemo, startDemo } from './start-demo';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';
import { EXPIRES_AFTER_MS } from './premium-server/protocol';
import { type PremiumServer, startPremiumServer } from './premium-server/start';

const START_MS = 300_000;
const ANSWER_MS = 60_000;
/** Enough for all checks before premium expires, even on a busy machine. */
const LATER_MS = 15_000;

let bridge: RunningDemo;
let browser: Browser;
let page: Page;

/** Opens the page in a new browser context, after `prepare`. */
async function open(
  options: BrowserContextOptions = {},
  prepare: (context: BrowserContext) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  const errors: string[] = [];
  context.on('weberror', (error) => errors.push(String(error.error())));
  await prepare(context);
  page = await context.newPage();
  page.setDefaultTimeout(ANSWER_MS);
  await page.goto(bridge.hostingOrigin);
  return errors;
}

/** Opens the page with another /demo-config.json. */
const openWith = (changes: object) =>
  open({}, async (context) => {
    await context.route('**/demo-config.json', async (route) => {
      const response = await route.fetch();
      const config = (await response.json()) as object;
      await route.fulfill({ response, json: { ...config, ...changes } });
    });
  });

async function logInAs(sample: string): Promise<void> {
  await page.getByRole('radio', { name: sample }).check();
  await page.locator('#log-in').click();
  await page.locator('#premium .gates').scrollIntoViewIfNeeded();
}

type GateState = 'open' | 'closed';

/** Resolves when the gates are in these states at the same time. */
async function gatesAre(claims: GateState, record: GateState, afterMs = 0): Promise<void> {
  await page
    .locator(`.gates:has([data-gate="claims"].is-${claims}):has([data-gate="record"].is-${record})`)
    .waitFor({ timeout: afterMs + ANSWER_MS });
}

/** Presses a button; resolves when the step is done and the gates were read again. */
async function press(step: 'grant' | 'expire' | 'refund' | 'refresh'): Promise<void> {
  const before = await page.locator('.premium-timeline li').count();
  await page.locator(`#premium-${step}`).click();
  await page
    .locator(`.premium-timeline li:nth-child(${before + 1})`)
    .waitFor({ state: 'attached' });
  await page.locator(`#premium-${step}[aria-disabled="false"]`).waitFor();
}

/** Collects in the page whatever gate is ever shown as open over a condition marked as not met. */
const WATCH_FOR_CONTRADICTIONS = `
  window.contradictions = [];
  new MutationObserver(() => {
    for (const gate of document.querySelectorAll('.gate.is-open:has(.is-unmet)')) {
      window.contradictions.push(gate.innerText);
    }
  }).observe(document.getElementById('premium'), { subtree: true, childList: true, attributes: true });
`;

/** What the gates show now: claims gate, record gate. */
const gatesNow = () => page.locator('.gate-verdict').allInnerTexts();

/** The library's `isPremium()`. */
const isPremium = () => page.locator('#is-premium').innerText();

const idToken = async () => {
  await page.getByRole('button', { name: 'Show raw token' }).click();
  const raw = await page
    .getByRole('article', { name: 'ID token' })
    .locator('.raw-token')
    .innerText();
  await page.getByRole('button', { name: 'Hide raw token' }).click();
  return raw;
};

const eventWith = (text: string) => page.locator('.premium-timeline li', { hasText: text });

describeWithFirestore('the premium panel', () => {
  beforeAll(async () => {
    [bridge, browser] = await Promise.all([
      // Nobody has a phone here.
      startDemo({ ports: 'free', push: false }),
      launchChromium(),
    ]);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), bridge.stop()]);
  });
  afterEach(() => page.context().close());

  it('sells premium: the payment opens both gates, and Tiki takes them back', async () => {
    const errors = await open();
    await logInAs('Lê Quốc Bảo');
    await gatesAre('closed', 'closed');
    const plan = page.locator('[data-plan="month"]');
    expect(await plan.innerText()).toContain('₫49,000');
    const sheet = page.locator('.shop-sheet');
    const state = (name: string) => page.locator(`.shop-order[data-state="${name}"]`);

    // The customer cancels: an order without a payment.
    await plan.getByRole('button').click();
    await sheet.locator('[data-outcome="canceled"]').click();
    await page.locator('.shop-status[data-result="failed"]').waitFor();
    expect(await page.locator('.shop-status').innerText()).toContain('payment-canceled');
    await state('canceled').waitFor();

    await plan.getByRole('button').click();
    await state('waiting').waitFor();
    await sheet.locator('[data-outcome="paid"]').click();
    await page.locator('.shop-status[data-result="bought"]').waitFor();
    await gatesAre('open', 'open');
    expect(await isPremium()).toBe('true');

    await state('paid').getByRole('button').click();
    await state('canceled').nth(1).waitFor();
    await gatesAre('open', 'closed');
    await press('refresh');
    await gatesAre('closed', 'closed');
    expect(await page.locator('.shop-refunded').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('opens both gates after a purchase and a refresh, and closes the strict one at once on a refund', async () => {
    const errors = await open();
    await page.evaluate(WATCH_FOR_CONTRADICTIONS);
    await logInAs('Trần Thu Hà');
    await gatesAre('closed', 'closed');

    await press('grant');
    expect(await gatesNow()).toEqual(['Closed', 'Closed']);
    expect(await isPremium()).toBe('false');
    await page.locator('[data-until="record"]', { hasText: '30 days left' }).waitFor();
    expect(await page.locator('[data-until="token"]').innerText()).toBe('not premium');

    await press('refresh');
    expect(await gatesNow()).toEqual(['Open', 'Open']);
    expect(await page.locator('[data-gate="claims"]').innerText()).toContain('Welcome to premium');
    expect(await page.locator('[data-gate="record"]').innerText()).toContain('family recipe');
    const claim = page.locator('.token-id [data-claim="premiumAccount"] code');
    expect(await claim.innerText()).toBe('premiumAccount: true');
    expect(await isPremium()).toBe('true');

    await press('refund');
    expect(await gatesNow()).toEqual(['Open', 'Closed']);
    await page.getByText('The record has changed, the token has not yet.').waitFor();

    await press('refresh');
    expect(await gatesNow()).toEqual(['Closed', 'Closed']);
    expect(await eventWith('Claims and record gate: closed').innerText()).toMatch(/^\+[\d.]+ m?s/);
    expect(await page.evaluate('contradictions')).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('does not fill the console while the gates are closed', async () => {
    await open();
    await logInAs('Lê Quốc Bảo');
    await gatesAre('closed', 'closed');
    const denials: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') denials.push(message.text());
    });
    const isRecord = (response: Response) =>
      (response.request().postData() ?? '').includes('entitlements/');
    // The page looks twice a second.
    for (let reads = 0; reads < 6; reads += 1) await page.waitForResponse(isRecord);

    expect(denials).toEqual([]);
  });

  describe('when premium expires soon', () => {
    let patient: PremiumServer;
    beforeAll(async () => {
      const { firestoreHost = '' } = bridge;
      patient = await startPremiumServer({ ...bridge, firestoreHost, expiresAfterMs: LATER_MS });
      await patient.ready(AbortSignal.timeout(START_MS));
    });
    afterAll(() => patient.stop());

    /** With a server where premium lasts longer than in the demo. */
    const openWithTime = () => openWith({ premiumOrigin: patient.origin });

    it('closes both gates when premium expires, without a new token', async () => {
      const errors = await openWithTime();
      await logInAs('Lê Quốc Bảo');
      await gatesAre('closed', 'closed');

      await press('expire');
      await eventWith('Claims gate: opened').waitFor();
      await eventWith('Claims and record gate: opened').waitFor();
      const token = await idToken();
      await page.locator('#premium .gates').scrollIntoViewIfNeeded();
      await gatesAre('closed', 'closed', LATER_MS);
      // By the server clock from the token, in whole seconds: up to one second later.
      await page.locator('#is-premium', { hasText: 'false' }).waitFor();

      expect(await idToken()).toBe(token);
      expect(await eventWith('closed by itself, with the same token').count()).toBe(2);
      const after = await eventWith('Claims gate: closed').locator('.event-time').innerText();
      const seconds = Number(/^\+([\d.]+) s$/.exec(after)?.[1]);
      expect(seconds).toBeGreaterThan(LATER_MS / 1000 - 0.1);
      expect(errors).toEqual([]);
    });

    it('replaces longer premium with one that expires soon', async () => {
      await openWithTime();
      await logInAs('Phạm Ngọc Ánh');
      await press('grant');
      await press('expire');

      const claim = page.locator('.token-id [data-claim="premiumUntil"] code');
      const until = Number(/^premiumUntil: (\d+)$/.exec(await claim.innerText())?.[1]);
      expect(until).toBeLessThanOrEqual(Date.now() + LATER_MS);
    });

    it('lasts as long as the page says', async () => {
      const before = Date.now();
      const answer = await fetch(`${bridge.premiumOrigin ?? ''}/premium/expire`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"uid":"tiki:1"}',
      });
      const { premiumUntil } = (await answer.json()) as { readonly premiumUntil: number };
      expect(premiumUntil).toBeGreaterThanOrEqual(before + EXPIRES_AFTER_MS);
      expect(premiumUntil).toBeLessThanOrEqual(Date.now() + EXPIRES_AFTER_MS);
    });
  });

  it('shows why a step failed', async () => {
    await open();
    await logInAs('Võ Thành Đạt');
    await press('refund');

    expect(await eventWith('failed').innerText()).toContain('unknown-purchase');
    expect(await gatesNow()).toEqual(['Closed', 'Closed']);
  });

  it('starts over for the next customer', async () => {
    await open();
    await logInAs('Trần Thu Hà');
    await press('grant');
    await press('refresh');
    await gatesAre('open', 'open');
    await logInAs('Võ Thành Đạt');

    await gatesAre('closed', 'closed');
    expect(await page.locator('.premium-timeline li').count()).toBe(0);
  });

  it('fits the screen of a phone in both languages', async () => {
    await open({ viewport: { width: 320, height: 800 } });
    await logInAs('Trần Thu Hà');
    await press('grant');
    await press('refresh');

    for (const [language, text] of [
      ['Tiếng Việt', 'Chào mừng bạn đến với premium'],
      ['English', 'Welcome to premium'],
    ] as const) {
      await page.getByRole('button', { name: language }).click();
      await page.locator('[data-gate="claims"]', { hasText: text }).waitFor();
      for (const width of [320, 390]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    }
  });

  it('shows what is missing without Firestore, before and after a login', async () => {
    const reason = 'No engine is installed.';
    await openWith({ firestore: { available: false, reason }, premiumOrigin: undefined });
    const missing = () => page.locator('#premium .nothing-yet').innerText();

    expect(await missing()).toContain(reason);
    await page.locator('#log-in').click();
    await page.locator('.token-pair').waitFor();
    expect(await missing()).toContain(reason);
  });

  it('does not serve other pages', async () => {
    const answer = await fetch(`${bridge.premiumOrigin ?? ''}/premium/grant`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'https://evil.example' },
      body: '{"uid":"tiki:1"}',
    });
    expect(answer.status).toBe(403);
  });
});
