import { startDemo } from './start-demo';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
async function main() {
  const t0 = Date.now();
  const b = await startDemo({ ports: 'free' });
  const browser = await launchChromium();
  try {
  for (const [locale, width, colorScheme] of [['en-GB', 1280, 'light'], ['vi-VN', 390, 'dark']] as const) {
    const page = await (await browser.newContext({ locale, viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' })).newPage();
    page.on('console', m => console.log('console', m.type(), m.text()));
    page.on('pageerror', e => console.log('pageerror', e));
    await page.goto(b.hostingOrigin);
    await page.locator('#log-in').click();
    await page.locator('.token-pair').waitFor();
    let t = Date.now();
    await page.locator('#ask-backend').click();
    await page.locator('#backend-reply.is-answered, #backend-reply.is-failed').waitFor();
    console.log(await page.locator('#backend-reply').innerText(), Date.now() - t);
    await page.locator('#notifications').scrollIntoViewIfNeeded();
    await page.locator('#register-phone').click();
    await page.locator('.phone-state.is-registered, .phone-state.is-failed').waitFor();
    console.log(await page.locator('.phone-state').innerText());
    const command = await page.locator('.command').innerText();
    console.log(command);
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(m => m[1] ?? m[2]!).slice(1);
    t = Date.now();
    const env = { ...process.env, FIRESTORE_EMULATOR_HOST: b.firestoreHost!, FIREBASE_AUTH_EMULATOR_HOST: new URL(b.authEmulatorOrigin).host };
    const r = await promisify(execFile)('npm', args, { env });
    console.log(r.stdout, r.stderr);
    await page.locator('.phone li').first().waitFor();
    console.log('arrived', Date.now() - t);
    await page.locator('#premium-grant').click();
    await page.locator('#premium-grant[aria-disabled="false"]').waitFor();
    await page.locator('#notifications').scrollIntoViewIfNeeded();
    t = Date.now();
    await page.locator('.phone li').nth(1).waitFor();
    console.log('premium arrived', Date.now() - t);
    console.log('w', await page.evaluate('document.documentElement.scrollWidth'));
    await page.screenshot({ path: `/tmp/shot-demo-${locale}.png`, fullPage: true });
    const id = /Written as (\S+)\./.exec(r.stdout)?.[1] ?? '';
    console.log((await promisify(execFile)('npm', ['run', 'bridge', '--', 'push', 'status', id], { env })).stdout);
  }
  } finally {
  console.log(b.logs().split('\n').filter(l => /rror|refus/i.test(l)).slice(-10).join('\n'));
  await browser.close();
  await b.stop(); }
}
main().catch(e => { console.error(e); process.exit(1); });
