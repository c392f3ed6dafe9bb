import type { DecodedIdToken } from 'firebase-admin/auth';
import type { Clock, Deadline } from '../clock';
import type { Users } from '../google/users';
import { headerOf, sessionCookie, setCookie } from './cookie';
import { csrfToken, isCsrfToken } from './csrf-token';
import type { IdTokens } from './id-tokens';
import { openSession, sealSession, type OpenedSession, type Seal } from './sealed-session';
import type { Session, SessionRequest, SessionResult, VerifyOptions } from './session';

export interface SessionReader {
  /** @throws Problem when Google does not answer: that is no reason to sign anyone out. */
  readonly read: (
    request: SessionRequest,
    options: VerifyOptions,
    deadline: Deadline,
  ) => Promise<SessionResult>;
  /** What the request's cookie holds, without asking whether Google still knows the session. */
  readonly open: (request: SessionRequest) => Promise<OpenedSession | undefined>;
  /** Whether `given` is no CSRF token of the session in the request's cookie. */
  readonly isForged: (request: SessionRequest, given: string | undefined) => Promise<boolean>;
}

export interface ReaderEffects {
  readonly users: Users;
  /** Undefined: this project has no sessions in cookies. */
  readonly cookies: { readonly seal: Seal; readonly idTokens: IdTokens } | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;

/** The ID token in the `Authorization` header; undefined if there is none. */
export function bearerToken(request: SessionRequest): string | undefined {
  return BEARER.exec(headerOf(request, 'authorization') ?? '')?.[1];
}

/** The claim `name`, if the account has one. */
export function nameIn(claims: Readonly<Record<string, unknown>>): string | null {
  const { name } = claims;
  return typeof name === 'string' && name !== '' ? name : null;
}

function sessionOf(claims: DecodedIdToken, idToken: string): Omit<Session, 'via'> {
  return { uid: claims.uid, name: nameIn(claims), claims, idToken };
}

/** Reads sessions from the header that the service worker sets, or else from the cookie. */
export function createSessionReader({ users, cookies, clock }: ReaderEffects): SessionReader {
  async function open(request: SessionRequest): Promise<OpenedSession | undefined> {
    const value = sessionCookie(request);
    if (!cookies || value === undefined) return undefined;
    return openSession(value, cookies.seal, clock.now());
  }

  /** Seals a session again after Google has rotated its refresh token, or we our keys. */
  async function resealed(session: OpenedSession, refreshToken: string, seal: Seal) {
    if (session.isCurrent && session.refreshToken === refreshToken) return undefined;
    const { sessionId, iat, exp } = session;
    const value = await sealSession({ refreshToken, sessionId, iat, exp }, seal);
    return setCookie(value, Math.max(0, exp - Math.floor(clock.now() / 1_000)));
  }

  async function fromCookie(
    request: SessionRequest,
    { checkRevoked = false, refresh = false }: VerifyOptions,
    deadline: Deadline,
  ): Promise<SessionResult> {
    const opened = await open(request);
    if (!opened || !cookies) return { ok: false };
    const { seal, idTokens } = cookies;
    const context = { deadline, caller: opened.sessionId };
    const tokens = await idTokens.of(opened.refreshToken, context, refresh);
    if (!tokens) return { ok: false };
    const claims = await users.verify(tokens.idToken, checkRevoked, deadline);
    if (!claims) {
      idTokens.forget(opened.refreshToken);
      return { ok: false };
    }
    const cookie = await resealed(opened, tokens.refreshToken, seal);
    return {
      ok: true,
      session: {
        ...sessionOf(claims, tokens.idToken),
        via: 'cookie',
        csrfToken: csrfToken(opened.sessionId, seal.ring),
      },
      ...(cookie !== undefined && { setCookie: cookie }),
    };
  }

  return {
    open,
    read: async (request, options, deadline) => {
      const idToken = bearerToken(request);
      // A header that is there decides: the cookie may be another user's, of another time.
      if (idToken === undefined) return fromCookie(request, options, deadline);
      const claims = await users.verify(idToken, options.checkRevoked ?? false, deadline);
      if (!claims) return { ok: false };
      return { ok: true, session: { ...sessionOf(claims, idToken), via: 'header' } };
    },
    isForged: async (request, given) => {
      const opened = await open(request);
      return !opened || !cookies || !isCsrfToken(given, opened.sessionId, cookies.seal.ring);
    },
  };
}
