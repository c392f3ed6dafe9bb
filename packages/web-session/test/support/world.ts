import type { Browser, BrowserContext, Page, Worker } from 'playwright-core';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';
import {
  type AuthEmulator,
  startAuthEmulator,
  unsignedCustomToken,
} from '@tiki-bridge/testing/emulators/auth-emulator';
import {
  type FirestoreEngine,
  startFirestoreEngine,
} from '@tiki-bridge/testing/emulators/firestore';
import { PROJECT_ID, PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { type Build, buildPackage } from '@tiki-bridge/testing/tini-runtime/build';
import { decodeToken } from '@tiki-bridge/testing/emulators/json-web-token';
import { serveNoSessions } from './sessions';
import {
  type Arrived,
  serveFirestore,
  serveGateway,
  servePackage,
  type Site,
  startSite,
} from './site';

export interface World {
  readonly browser: Browser;
  readonly auth: AuthEmulator;
  /** With the project's rules; undefined where it cannot run. */
  readonly firestore: FirestoreEngine | undefined;
  readonly build: Build;
  /** The user's site: `http://127.0.0.1:…`. */
  readonly site: Site;
  /** Somebody else's: `http://localhost:…`, which is cross-site. */
  readonly foreign: Site;
  /** The user's site again, over HTTP/2. */
  readonly secure: Site;
  stop(): Promise<void>;
}

/** Starts everything that the tests need. */
export async function startWorld(): Promise<World> {
  const build = buildPackage('web-session', ['--no-types']);
  const [browser, auth, firestore, site, foreign, secure] = await Promise.all([
    // The certificate of the HTTP/2 site is made for the test.
    launchChromium(['--ignore-certificate-errors']),
    startAuthEmulator(),
    startFirestoreEngine({
      projectId: PROJECT_ID,
      rulesFile: `${PROJECT_ROOT}/firestore.rules`,
    }).then((engine) => ('host' in engine ? engine : undefined)),
    startSite(),
    startSite({ host: 'localhost' }),
    startSite({ host: 'localhost', http2: true }),
  ]);
  for (const own of [site, secure]) {
    servePackage(own, build.folder);
    serveGateway(own, auth.origin);
    serveNoSessions(own);
  }
  if (firestore) serveFirestore(site, firestore.host);
  return {
    browser,
    auth,
    firestore,
    build,
    site,
    foreign,
    secure,
    async stop() {
      await browser.close();
      await Promise.all([
        auth.stop(),
        firestore?.stop(),
        site.stop(),
        foreign.stop(),
        secure.stop(),
      ]);
      build.remove();
    },
  };
}

let started: World | undefined;

/** The world of the running tests. */
export function world(): World {
  if (started === undefined) throw new Error('Only tests have a world: it starts before them.');
  return started;
}

/** Starts one world for all tests of the file: that takes longer than most of them. */
export function useWorld(): void {
  beforeAll(async () => {
    started = await startWorld();
  });
  afterAll(() => started?.stop());
  afterEach(async () => {
    await Promise.all(
      world()
        .browser.contexts()
        .map((context) => context.close()),
    );
  });
}

let numbers = 0;
/** A user that no other test has. */
export const newUid = (): string => `tiki:${(numbers += 1)}`;
/** A path that no other test asks for; what answers it is decided by `path`. */
export const newPath = (path: string): string => `${path}?${(numbers += 1)}`;

/** A page in a new browser profile. */
export async function newPage(site = world().site): Promise<Page> {
  return open(await world().browser.newContext(), site);
}

/** A page in the profile, once its script has run. */
export async function open(
  context: BrowserContext,
  site = world().site,
  path = '/page',
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.origin + path);
  await page.waitForFunction('window.session');
  return page;
}

/** Signs a user in, with the claims of the bridge. */
export const signIn = (page: Page, uid: string): Promise<unknown> =>
  page.evaluate(
    `session.signIn(${JSON.stringify(unsignedCustomToken(uid, { provider: 'tiki' }))})`,
  );

/** A page on which a user is signed in, and the worker is in control. */
export async function newSignedInPage(uid: string, site = world().site): Promise<Page> {
  const page = await newPage(site);
  await signIn(page, uid);
  return page;
}

export const user = (page: Page): Promise<unknown> => page.evaluate('session.user()');

/** The worker of a page's profile. */
export function workerOf(page: Page): Worker {
  const [worker, ...more] = page.context().serviceWorkers();
  if (worker === undefined || more.length > 0) throw new Error('There is not exactly one worker.');
  return worker;
}

/** The uid in the ID token of a request; null without a token. */
export function bearer({ headers }: Arrived): string | null {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) return null;
  const { sub } = decodeToken(token).payload;
  return typeof sub === 'string' ? sub : 'a token without a subject';
}

/** The users in the requests for a path; null for those without a token. */
export const usersAt = (path: string, site = world().site): (string | null)[] =>
  site.at(path).map(bearer);
