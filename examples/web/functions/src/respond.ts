import { type Reading, readAsUser } from './as-user';
import { pageHeaders } from './headers';
import { type Html, toText } from './html';
import { chooseLanguage, linkTo } from './language';
import { type Assets, type Frame, frameFor } from './pages/layout';
import { brokenPage, notFoundPage } from './pages/message';
import { PREMIUM_PATHS, premiumPage } from './pages/premium';
import { profilePage } from './pages/profile';
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
  readonly verify: () => Promise<Verified>;
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
        : await personalPage(pathname, frame, visitor, site);
    return page(200, content, cookie);
  } catch (error) {
    console.error(`Rendering ${pathname} failed:`, error);
    return page(503, brokenPage(frame), { 'Retry-After': '5' });
  }
}

const NOT_READ: Reading = { state: 'unavailable' };

async function personalPage(path: string, frame: Frame, visitor: Visitor, site: Site) {
  const { uid, name, idToken } = visitor;
  const read = (paths: readonly string[]) => readAsUser(idToken, paths, site.settings.project);
  if (path === '/premium') return premiumPage(frame, await read(PREMIUM_PATHS));
  const [entitlement = NOT_READ] = await read([`entitlements/${uid}`]);
  return profilePage(frame, { uid, name, entitlement }, site.now());
}
