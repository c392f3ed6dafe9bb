// Run by hand: npm run build && npx tsx examples/demo/screenshot.ts
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startDemo } from './start-demo';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';

const IMAGES = path.resolve(__dirname, '..', '..', 'docs', 'images');
/** One image for each README. */
const LANGUAGES = [
  { locale: 'en-GB', image: 'demo.png' },
  { locale: 'vi-VN', image: 'demo.vi.png' },
] as const;

/** Takes the READMEs' screenshots of the demo page. */
async function takeScreenshots(): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const bridge = await startDemo({ ports: 'free', firestore: false });
  try {
    const browser = await launchChromium();
    try {
      for (const { locale, image } of LANGUAGES) {
        await takeScreenshot(browser, bridge.hostingOrigin, locale, path.join(IMAGES, image));
      }
    } finally {
      await browser.close();
    }
  } finally {
    await bridge.stop();
  }
}

/** A real login, from the top of the page to both tokens. */
async function takeScreenshot(browser: Browser, url: string, locale: string, file: string) {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    locale,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await page.goto(url);
  await page.getByRole('radio', { name: '9007199254740993' }).check();
  // The first login is slow because of cold connections; the second shows typical times.
  await logIn(page);
  await logIn(page);
  await page.mouse.move(0, 0);
  // Bounding boxes are relative to the viewport.
  await page.evaluate('scrollTo(0, 0)');
  const end = await page.locator('.token-pair').boundingBox();
  const height = Math.ceil((end?.y ?? 0) + (end?.height ?? 0)) + 48;
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: 1280, height } });
  console.log(file);
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
