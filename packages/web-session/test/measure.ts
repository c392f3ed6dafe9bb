// npm run measure:web-session: what the worker adds to a navigation. Prints medians; times depend on
// the machine, and only their ratios mean something.
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { stopWorker } from './support/stop-worker';
import { open, signIn, startWorld, usersAt } from './support/world';

const WARM = 60;
/** What the server takes for a page, in ms: as one that a function renders. */
const PAGE_MS = 100;
/** What any worker costs: it only passes the requests on. */
const IDLE_WORKER = `
  addEventListener('install', (event) => event.waitUntil(skipWaiting()));
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));`;
const STOPPED = 15;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Navigates to an empty page; returns the time until its last byte, in ms. */
async function navigate(page: Page, url: string): Promise<number> {
  await page.goto(url);
  return page.evaluate<number>(
    `(([entry]) => entry.responseEnd - entry.startTime)(performance.getEntriesByType('navigation'))`,
  );
}

async function main(): Promise<void> {
  const world = await startWorld();
  try {
    const { site, browser } = world;
    const signedIn = await open(await browser.newContext(), site);
    await signIn(signedIn, 'tiki:1');
    const page = { headers: { 'Content-Type': 'text/html' }, body: '<!doctype html>' };
    for (const path of ['/none', '/idle', '/warm', '/stopped']) {
      site.routes.set(path, () => delay(PAGE_MS, page));
    }
    site.routes.set('/idle-worker.js', () => ({
      headers: { 'Content-Type': 'text/javascript' },
      body: IDLE_WORKER,
    }));
    const passing = await (await browser.newContext()).newPage();
    await passing.goto(site.origin);
    await passing.evaluate(
      `navigator.serviceWorker.register('/idle-worker.js').then(() => navigator.serviceWorker.ready)`,
    );
    const none = await (await browser.newContext()).newPage();

    const without: number[] = [];
    const idle: number[] = [];
    const warm: number[] = [];
    // In turns, so that a busy moment of the machine falls on all.
    for (let i = 0; i < WARM; i += 1) {
      without.push(await navigate(none, `${site.origin}/none?${i}`));
      idle.push(await navigate(passing, `${site.origin}/idle?${i}`));
      warm.push(await navigate(signedIn, `${site.origin}/warm?${i}`));
    }
    const stopped: number[] = [];
    for (let i = 0; i < STOPPED; i += 1) {
      await stopWorker(signedIn);
      stopped.push(await navigate(signedIn, `${site.origin}/stopped?${i}`));
    }
    for (const path of ['/warm', '/stopped']) {
      if (usersAt(path, site).includes(null))
        throw new Error(`a navigation to ${path} had no token`);
    }

    const row = (name: string, values: readonly number[]) => {
      const ratio = (median(values) / median(without)).toFixed(2);
      console.log(`${name}: ${median(values).toFixed(1)} ms, ${ratio} times none`);
    };
    row(`a navigation of ${PAGE_MS} ms without a worker`, without);
    row('with a worker that does nothing', idle);
    row('with the worker, warm', warm);
    row('with a worker that was stopped', stopped);
  } finally {
    await world.stop();
  }
}

void main();
