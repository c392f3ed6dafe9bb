import type { Page } from 'playwright-core';
import { newPage } from './world';

/** What a page tells the Tini App. */
export interface Announcement {
  readonly type: string;
  readonly challenge: string;
  readonly origin: string;
}

/** A page as in a `<web-view>`: `window.my` has not been added yet. */
export interface WebView {
  readonly page: Page;
  /** Adds `window.my` and dispatches the event, as Tiki's app does. */
  bridgeReady(): Promise<void>;
  /** Resolves with the page's first announcement. */
  announcement(): Promise<Announcement>;
  /** Sends a message of the app: by calling `window.onmessage`, the only way that Tiki documents. */
  post(data: unknown): Promise<void>;
  /** The user whom `handOver` returned, or the code of its error. */
  readonly outcome: () => Promise<unknown>;
}

export async function openWebView(options: object = {}): Promise<WebView> {
  const page = await newPage();
  await page.evaluate(`(() => {
    window.announced = [];
    window.outcome = handOver(session, ${JSON.stringify(options)})
      .catch(({ code }) => code)
      .then((value) => { window.hasEnded = true; return value; });
  })()`);
  return {
    page,
    bridgeReady: () =>
      page.evaluate(`(() => {
        window.my = { postMessage: (message) => { announced.push(message); } };
        document.dispatchEvent(new Event('TiniAppJSBridgeReady'));
      })()`),
    async announcement() {
      await page.waitForFunction('announced.length > 0');
      return page.evaluate<Announcement>('announced[0]');
    },
    post: (data) => page.evaluate(`window.onmessage?.({ data: ${JSON.stringify(data)} })`),
    outcome: () => page.evaluate('outcome'),
  };
}

export const codeMessage = (code: string) => ({ type: 'tiki-firebase-hand-over', code });
