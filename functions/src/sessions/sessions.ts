import { randomBytes } from 'node:crypto';
import { sessionClaims } from '../auth/login';
import type { Clock, Deadline } from '../clock';
import type { TokenMint } from '../google/custom-token';
import type { Users } from '../google/users';
import { Problem } from '../problem';
import type { Naming } from '../providers/provider';
import type { RequestContext } from '../upstream/request-context';
import { CLEARED_COOKIE, headerOf, setCookie } from './cookie';
import { csrfToken } from './csrf-token';
import type { ForgetDevices } from './devices';
import { CODE_SECONDS, type HandOvers, type Proof } from './hand-overs';
import type { CookieSessions } from './open-reader';
import { unlistedOrigin } from './parameters';
import { bearerToken, nameIn, type SessionReader } from './read-session';
import { sealSession } from './sealed-session';
import type { SessionRequest } from './session';

const DAY_SECONDS = 86_400;

export interface WebUser {
  readonly uid: string;
  readonly name: string | null;
}

/** What the function `sessions` does. Every call may throw a `Problem`. */
export interface Sessions {
  /** A one-time code for a page, by the app's ID token. */
  handOver(
    request: SessionRequest,
    page: {
      readonly challenge: string;
      readonly origin: string;
      readonly name?: string | undefined;
    },
    context: RequestContext,
  ): Promise<{ readonly code: string; readonly expiresIn: number; readonly uid: string }>;
  /** The code for a custom token, as a login gives. */
  trade(
    proof: Proof,
    context: RequestContext,
  ): Promise<{ readonly customToken: string; readonly uid: string }>;
  /** A new session in a cookie; whatever session the browser had before is not continued. */
  signIn(
    credential: Proof | { readonly customToken: string },
    context: RequestContext,
  ): Promise<{
    readonly user: WebUser;
    readonly csrfToken: string;
    readonly setCookie: string;
  }>;
  user(
    request: SessionRequest,
    deadline: Deadline,
  ): Promise<{
    readonly user: WebUser | null;
    readonly csrfToken: string | null;
    readonly setCookie?: string | undefined;
  }>;
  /**
   * What signing out needs, for whatever session the cookie holds: Google is not asked, so that a visitor
   * can sign out although it is down, and out of a session that is over.
   */
  csrfToken(request: SessionRequest): Promise<{ readonly csrfToken: string | null }>;
  /**
   * @param everywhere Also end the user's other sessions, in the Tini App too, and the notifications on
   *   all devices. If Firestore fails, the sessions have ended and the notifications have not: the user
   *   can repeat it, after signing in again.
   */
  signOut(
    request: SessionRequest,
    everywhere: boolean,
    deadline: Deadline,
  ): Promise<{ readonly setCookie: string; readonly facts: { readonly uid?: string } }>;
}

export interface SessionsEffects {
  readonly naming: Naming;
  readonly webOrigins: ReadonlySet<string>;
  /** How long a session in a cookie lasts. */
  readonly days: number;
  readonly mint: TokenMint;
  readonly handOvers: HandOvers;
  readonly forgetDevices: ForgetDevices;
  readonly reader: SessionReader;
  readonly users: Users;
  readonly cookies: CookieSessions;
  readonly clock: Pick<Clock, 'now'>;
}

export function createSessions(effects: SessionsEffects): Sessions {
  const { naming, webOrigins, days, mint, handOvers, forgetDevices } = effects;
  const { reader, users, cookies, clock } = effects;
  const { seal, idTokens, authService } = cookies;

  /** The customer of a session that this bridge has opened; undefined for any other user. */
  function customerIn(claims: Readonly<Record<string, unknown>>, uid: string): string | undefined {
    const id = claims[naming.customerIdClaim];
    const isOurs = claims['provider'] === naming.name && typeof id === 'string';
    return isOurs && naming.uidPrefix + id === uid ? id : undefined;
  }

  async function trade(proof: Proof, context: RequestContext) {
    // Check that we can sign before spending the code.
    await mint.ready(context);
    const uid = await handOvers.finish(proof, context.deadline);
    if (uid === undefined) throw new Problem('invalid-hand-over');
    const claims = sessionClaims(naming, uid.slice(naming.uidPrefix.length));
    return { customToken: await mint.sign(uid, claims, context), uid };
  }

  return {
    handOver: async (request, { challenge, origin, name }, { deadline }) => {
      const idToken = bearerToken(request);
      const claims = idToken && (await users.verify(idToken, true, deadline));
      if (!claims) throw new Problem('unauthenticated');
      const { uid } = claims;
      if (customerIn(claims, uid) === undefined) throw new Problem('forbidden');
      if (!webOrigins.has(origin)) throw unlistedOrigin();
      // The token that the page signs in with has the new name already.
      if (name !== undefined && name !== nameIn(claims)) await users.rename(uid, name, deadline);
      const code = await handOvers.begin({ uid, challenge, origin }, deadline);
      return { code, expiresIn: CODE_SECONDS, uid };
    },

    trade,

    signIn: async (credential, context) => {
      const { customToken } = 'code' in credential ? await trade(credential, context) : credential;
      const tokens = await authService.signIn(customToken, context);
      const claims = tokens && (await users.verify(tokens.idToken, false, context.deadline));
      if (!claims) throw new Problem('unauthenticated');
      idTokens.remember(tokens);
      const sessionId = randomBytes(32).toString('base64url');
      const iat = Math.floor(clock.now() / 1_000);
      const seconds = days * DAY_SECONDS;
      const { refreshToken } = tokens;
      const sealed = await sealSession({ refreshToken, sessionId, iat, exp: iat + seconds }, seal);
      return {
        user: { uid: claims.uid, name: nameIn(claims) },
        csrfToken: csrfToken(sessionId, seal.ring),
        setCookie: setCookie(sealed, seconds),
      };
    },

    user: async (request, deadline) => {
      const result = await reader.read(request, {}, deadline);
      // A cookie that opens no session is not removed here: the answer could overtake that of a sign-in in
      // another tab, and remove the new one.
      if (!result.ok) return { user: null, csrfToken: null };
      const { uid, name, csrfToken: token = null } = result.session;
      return { user: { uid, name }, csrfToken: token, setCookie: result.setCookie };
    },

    csrfToken: async (request) => {
      const opened = await reader.open(request);
      return { csrfToken: opened ? csrfToken(opened.sessionId, seal.ring) : null };
    },

    signOut: async (request, everywhere, deadline) => {
      const opened = await reader.open(request);
      const isBearer = bearerToken(request) !== undefined;
      // Google is not asked where nothing depends on it: signing out works although it is down.
      const result = everywhere || isBearer ? await reader.read(request, {}, deadline) : undefined;
      const session = result?.ok === true ? result.session : undefined;
      // The header is proof enough. A cookie alone comes with requests of foreign sites too.
      if (opened && session?.via !== 'header') {
        const given = headerOf(request, 'x-csrf-token');
        if (await reader.isForged(request, given)) throw new Problem('forbidden');
      }
      if (everywhere) {
        if (!session) throw new Problem('unauthenticated');
        await users.signOutEverywhere(session.uid, deadline);
        await forgetDevices(session.uid, deadline);
      }
      if (opened) idTokens.forget(opened.refreshToken);
      return { setCookie: CLEARED_COOKIE, facts: session ? { uid: session.uid } : {} };
    },
  };
}
