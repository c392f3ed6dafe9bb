import { type Reading, readAsUser } from './as-user';
import { pageHeaders } from './headers';
import { type Html, toText } from './html';
import { chooseLanguage, linkTo } from './language';
import { logFailure } from './log-failure';
import { type Assets, type Frame, frameFor } from './pages/layout';
import { brokenPage, notFoundPage } from './pages/message';
import { PREMIUM_PATHS, premiumPage } from './pages/premium';
import { premiumEnd, profilePage } from './pages/profile';
import { signInPage } from './pages/sign-in';
import type { Settings } from './settings';

export interface PageRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly acceptLanguage: string | undefined;
}

export interface Visitor {
  readonly uid: string;
  readonly name: string | null;
  /** Verified. */
  readonly idToken: string;
  readonly via: 'header' | 'cookie';
}

/** Who asks; `setCookie` renews the session's cookie. */
export interface Verified {
  readonly visitor: Visitor | undefined;
  readonly setCookie: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Site {
  readonly settings: Settings;
  readonly assets: Assets;
  /** @param refresh With the account's claims of now, where the server can get them: with a cookie. */
  readonly verify: (refresh?: boolean) => Promise<Verified>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A page of the site for whoever asks for it. GET changes nothing. */
export async function respond(request: PageRequest, site: Site): Promise<Answer> {
  const { settings, assets } = site;
  // The host does not matter; only path and query are used.
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const choice = chooseLanguage(searchParams.get('lang'), request.acceptLanguage);
  const frame = frameFor(choice, assets);
  const page = (status: number, content: Html, headers: Record<string, string> = {}): Answer => ({
    status,
    headers: { ...pageHeaders(settings), 'Content-Language': choice.language, ...headers },
    body: toText(content),
  });
  if (!['GET', 'HEAD'].includes(request.method)) {
    return page(405, notFoundPage(frame), { Allow: 'GET, HEAD' });
  }
  if (!['/', '/profile', '/premium'].includes(pathname)) return page(404, notFoundPage(frame));
  try {
    const { visitor, setCookie } = await site.verify();
    const cookie: Record<string, string> =
      setCookie === undefined ? {} : { 'Set-Cookie': setCookie };
    const elsewhere = visitor === undefined ? '/' : '/profile';
    // What a web-view stores belongs to its app, not to the Tiki user: the session in it may be that of
    // the user before. Only the app knows who is there now.
    const isFromApp = pathname === '/' && searchParams.get('from') === 'app';
    if (!isFromApp && (pathname === '/') !== (visitor === undefined)) {
      const headers = { ...pageHeaders(settings), Location: linkTo(elsewhere, choice), ...cookie };
      return { status: 302, headers, body: '' };
    }
    const content =
      isFromApp || visitor === undefined
        ? signInPage(frame, settings, isFromApp)
        : pathname === '/profile'
          ? await profile(frame, visitor, site)
          : await premium(frame, visitor, site, searchParams.has('renewed'));
    return page(200, content, cookie);
  } catch (error) {
    logFailure(`Rendering ${pathname} failed`, error);
    return page(503, brokenPage(frame), { 'Retry-After': '5' });
  }
}

const NOT_READ: Reading = { state: 'unavailable' };

async function profile(frame: Frame, { uid, name, idToken }: Visitor, site: Site): Promise<Html> {
  const paths = [`entitlements/${uid}`];
  const [entitlement = NOT_READ] = await readAsUser(idToken, paths, site.settings.project);
  return profilePage(frame, { uid, name, entitlement }, site.now());
}

/** @param isRenewed The page has got a new token already, and comes again. */
async function premium(
  frame: Frame,
  visitor: Visitor,
  site: Site,
  isRenewed: boolean,
): Promise<Html> {
  const { settings, verify, now } = site;
  const read = async ({ uid, idToken }: Visitor) => {
    const paths = [`entitlements/${uid}`, ...PREMIUM_PATHS];
    const [entitlement = NOT_READ, ...lessons] = await readAsUser(idToken, paths, settings.project);
    // Bought after the token was made, which has the claims of then.
    const isBehind = premiumEnd(entitlement) > now() && lessons[0]?.state === 'denied';
    return { lessons, isBehind };
  };
  const first = await read(visitor);
  if (!first.isBehind || isRenewed) return premiumPage(frame, first.lessons, false);
  if (visitor.via === 'header') return premiumPage(frame, first.lessons, true);
  const renewed = (await verify(true)).visitor;
  return premiumPage(frame, (renewed ? await read(renewed) : first).lessons, false);
}
