import { type Reading, readAsUser } from './as-user';
import { pageHeaders } from './headers';
import { type Html, toText } from './html';
import { chooseLanguage, linkTo } from './language';
import { logFailure } from './log-failure';
import { type Assets, type Frame, frameFor } from './pages/layout';
import { brokenPage, notFoundPage } from './pages/message';
import { PREMIUM_PATHS, premiumPage } from './pages/premium';
import { premiumEnd, profilePage } from './pages/profile';
import { receiptsPage } from './pages/receipts';
import { signInPage } from './pages/sign-in';
import { readReceipts } from './receipts';
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
  // The host does not matter; only path and query are used. Resolved against a base, "//" would throw.
  const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
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
  if (!['/', '/profile', '/premium', '/receipts'].includes(pathname))
    return page(404, notFoundPage(frame));
  try {
    const { visitor, setCookie } = await site.verify();
    const elsewhere = visitor === undefined ? '/' : '/profile';
    // What a web-view stores belongs to its app, not to the Tiki user: the session in it may be that of
    // the user before. Only the app knows who is there now.
    const isFromApp = pathname === '/' && searchParams.get('from') === 'app';
    if (!isFromApp && (pathname === '/') !== (visitor === undefined)) {
      const headers = { ...pageHeaders(settings), Location: linkTo(elsewhere, choice) };
      return { status: 302, headers: { ...headers, ...cookieHeader(setCookie) }, body: '' };
    }
    if (isFromApp || visitor === undefined) {
      return page(200, signInPage(frame, settings, isFromApp), cookieHeader(setCookie));
    }
    if (pathname === '/profile') {
      return page(200, await profile(frame, visitor, site), cookieHeader(setCookie));
    }
    if (pathname === '/receipts') {
      const receipts = await readReceipts(visitor, settings.project);
      return page(200, receiptsPage(frame, receipts), cookieHeader(setCookie));
    }
    const shown = await premium(frame, visitor, site, searchParams.has('renewed'));
    return page(200, shown.content, cookieHeader(shown.setCookie ?? setCookie));
  } catch (error) {
    logFailure(`Rendering ${pathname} failed`, error);
    return page(503, brokenPage(frame), { 'Retry-After': '5' });
  }
}

const cookieHeader = (setCookie: string | undefined): Record<string, string> =>
  setCookie === undefined ? {} : { 'Set-Cookie': setCookie };

const NOT_READ: Reading = { state: 'unavailable' };

async function profile(frame: Frame, { uid, name, idToken }: Visitor, site: Site): Promise<Html> {
  const paths = [`entitlements/${uid}`];
  const [entitlement = NOT_READ] = await readAsUser(idToken, paths, site.settings.project);
  return profilePage(frame, { uid, name, entitlement }, site.now(), site.settings.push);
}

/**
 * Whether the record says one thing about premium and the token, whose claims are up to an hour old,
 * another: there was a purchase or a refund.
 */
function isBehind(entitlement: Reading, lesson: Reading, nowMs: number): boolean {
  if (premiumEnd(entitlement) > nowMs) return lesson.state === 'denied';
  return ['read', 'missing'].includes(entitlement.state) && lesson.state === 'read';
}

interface Shown {
  readonly content: Html;
  /** Of a new token. */
  readonly setCookie?: string | undefined;
}

/** @param isRenewed The page has got a new token already, and comes again. */
async function premium(
  frame: Frame,
  visitor: Visitor,
  { settings, verify, now }: Site,
  isRenewed: boolean,
): Promise<Shown> {
  const read = async ({ uid, idToken }: Visitor) => {
    const paths = [`entitlements/${uid}`, ...PREMIUM_PATHS];
    const [entitlement = NOT_READ, ...lessons] = await readAsUser(idToken, paths, settings.project);
    return { entitlement, lessons };
  };
  const { entitlement, lessons } = await read(visitor);
  const [lesson = NOT_READ] = lessons;
  if (isRenewed) return { content: premiumPage(frame, lessons, 'renewed') };
  if (!isBehind(entitlement, lesson, now())) return { content: premiumPage(frame, lessons) };
  if (visitor.via === 'header') return { content: premiumPage(frame, lessons, 'renewing') };
  const renewed = await verify(true);
  const latest = renewed.visitor ? (await read(renewed.visitor)).lessons : lessons;
  return { content: premiumPage(frame, latest), setCookie: renewed.setCookie };
}
