import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';
import {
  type AuthEmulator,
  startAuthEmulator,
  unsignedCustomToken,
} from '@tiki-bridge/testing/emulators/auth-emulator';
import { type Build, buildPackage } from '@tiki-bridge/testing/tini-runtime/build';
import { decodeToken } from '@tiki-bridge/testing/emulators/json-web-token';
import { type Arrived, serveGateway, servePackage, type Site, startSite } from './site';

export interface World {
  readonly browser: Browser;
  readonly auth: AuthEmulator;
  readonly build: Build;
  /** The user's site: `http://127.0.0.1:…`. */
  readonly site: Site;
  /** Somebody else's: `http://localhost:…`, which is cross-site. */
  readonly foreign: Site;
  /** The user's site again, over HTTP/2. */
  readonly secure: Site;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const build = buildPackage('web-session', ['--no-types']);
  const [browser, auth, site, foreign, secure] = await Promise.all([
    // The certificate of the HTTP/2 site is made for the test.
    launchChromium(['--ignore-certificate-errors']),
    startAuthEmulator(),
    startSite(),
    startSite({ host: 'localhost' }),
    startSite({ host: 'localhost', http2: true }),
  ]);
  for (const own of [site, secure]) {
    servePackage(own, build.folder);
    serveGateway(own, auth.origin);
    own.routes.set('/session/user', () => ({ status: 404 }));
  }
  return {
    browser,
    auth,
    build,
    site,
    foreign,
    secure,
    async stop() {
      await browser.close();
      await Promise.all([auth.stop(), site.stop(), foreign.stop(), secure.stop()]);
      build.remove();
    },
  };
}

/** A new user, in a new browser profile. */
export async function newPage({ browser, site }: World, at = '/page'): Promise<Page> {
  const context = await browser.newContext();
  return open(context, site, at);
}

/** A page of a site, once its script has run. */
export async function open(context: BrowserContext, site: Site, at = '/page'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.origin + at);
  await page.waitForFunction('window.session');
  return page;
}

export const signIn = (page: Page, uid: string): Promise<unknown> =>
  page.evaluate(`session.signIn(${JSON.stringify(unsignedCustomToken(uid))})`);

/** The uid in the ID token of a request; null without a token. */
export function bearer({ headers }: Arrived): string | null {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) return null;
  const { sub } = decodeToken(token).payload;
  return typeof sub === 'string' ? sub : 'a token without a subject';
}
