// Run by hand: npm run build && npx tsx examples/demo/screenshot.ts
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startDemo } from './start-demo';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';

const IMAGES = path.resolve(__dirname, '..', '..', 'docs', 'images');
/** For the READMEs, and for docs/payments. */
const LANGUAGES = [
  { locale: 'en-GB', login: 'demo.png', shop: 'demo-shop.png' },
  { locale: 'vi-VN', login: 'demo.vi.png', shop: 'demo-shop.vi.png' },
] as const;

/** Takes the documentation's screenshots of the demo page. Needs a Firestore engine. */
async function takeScreenshots(): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const bridge = await startDemo({ ports: 'free' });
  try {
    const browser = await launchChromium();
    try {
      for (const { locale, login, shop } of LANGUAGES) {
        const page = await browser.newPage({
          viewport: { width: 1280, height: 900 },
          locale,
          colorScheme: 'light',
          reducedMotion: 'reduce',
        });
        await page.goto(bridge.hostingOrigin);
        await showLogin(page, path.join(IMAGES, login));
        await showShop(page, path.join(IMAGES, shop));
      }
    } finally {
      await browser.close();
    }
  } finally {
    await bridge.stop();
  }
}

/** A real login, from the top of the page to both tokens. */
async function showLogin(page: Page, file: string): Promise<void> {
  await page.getByRole('radio', { name: '9007199254740993' }).check();
  // The first logins are slow because of cold connections; the last one shows typical times.
  for (let times = 0; times < 4; times += 1) await logIn(page);
  await page.mouse.move(0, 0);
  // Bounding boxes are relative to the viewport.
  await page.evaluate('scrollTo(0, 0)');
  const height = (await bottomOf(page, '.token-pair')) + 48;
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: 1280, height } });
  console.log(file);
}

/** A purchase, from the plans to the open gates. */
async function showShop(page: Page, file: string): Promise<void> {
  await page.locator('[data-plan="month"] button').click();
  await page.locator('[data-outcome="paid"]').click();
  await page.locator('.shop-status[data-result="bought"]').waitFor();
  await page.locator('.gates:has(.is-open + .is-open)').waitFor();
  await page.mouse.move(0, 0);
  // In the full page the bar of jump links would cover the heading.
  await page.evaluate(`document.querySelector('#jump-links').style.position = 'static'`);
  await page.evaluate('scrollTo(0, 0)');
  const y = Math.floor((await page.locator('#premium').boundingBox())?.y ?? 0);
  const height = (await bottomOf(page, '.gates')) + 20 - y;
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y, width: 1280, height } });
  console.log(file);
}

/** In whole pixels, from the top of the viewport. */
async function bottomOf(page: Page, selector: string): Promise<number> {
  const box = await page.locator(selector).boundingBox();
  return Math.ceil((box?.y ?? 0) + (box?.height ?? 0));
}

async function logIn(page: Page): Promise<void> {
  await page.locator('#log-in[aria-disabled=false]').click();
  await page.locator('[data-session="in"]').waitFor();
  await page.locator('#log-in[aria-disabled=false]').waitFor();
}

takeScreenshots().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
