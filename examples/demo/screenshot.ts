// Run by hand: npm run build && npx tsx examples/demo/screenshot.ts
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startDemo } from './start-demo';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';

const IMAGE = path.resolve(__dirname, '..', '..', 'docs', 'images', 'demo.png');

/** Takes the README's screenshot of the demo page: a real login, from the top to both tokens. */
async function takeScreenshot(): Promise<void> {
  const bridge = await startDemo({ ports: 'free', firestore: false });
  try {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 900 },
        locale: 'en-GB',
        colorScheme: 'light',
        reducedMotion: 'reduce',
      });
      await page.goto(bridge.hostingOrigin);
      await page.getByRole('radio', { name: '9007199254740993' }).check();
      // The first login is slow because of cold connections; the second shows typical times.
      await logIn(page);
      await logIn(page);
      await page.mouse.move(0, 0);
      // Bounding boxes are relative to the viewport.
      await page.evaluate('scrollTo(0, 0)');
      const end = await page.locator('.token-pair').boundingBox();
      const height = Math.ceil((end?.y ?? 0) + (end?.height ?? 0)) + 48;
      await mkdir(path.dirname(IMAGE), { recursive: true });
      const clip = { x: 0, y: 0, width: 1280, height };
      await page.screenshot({ path: IMAGE, fullPage: true, clip });
      console.log(IMAGE);
    } finally {
      await browser.close();
    }
  } finally {
    await bridge.stop();
  }
}

async function logIn(page: Page): Promise<void> {
  await page.locator('#log-in[aria-disabled=false]').click();
  await page.locator('#login .summary', { hasText: 'Arrived after' }).waitFor();
  await page.locator('#log-in[aria-disabled=false]').waitFor();
}

takeScreenshot().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
