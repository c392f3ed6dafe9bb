import { type ErrorCode, needsLogin, type TikiFirebaseError } from '../errors';
import { type Answer, type Fields } from '../runtime/answer';
import { type Outcome } from '../runtime/call-my';
import { type Context } from '../runtime/context';
import { currentCustomerId } from './current-customer';
import { askGoogle } from './endpoints';
import { createListeners, type UserListener } from './listeners';
import { login } from './login';
import { Refresh, type Session, timeToRefresh, type User } from './session';
import { type SessionStorage } from './storage';

export interface SignInOptions {
  /** Scopes to request from the Tiki user; default none. */
  readonly scopes?: readonly string[];
}

export interface IdTokenOptions {
  /**
   * Refreshes the token even if it is still valid. Joins a refresh already in flight, whose claims
   * may be slightly older than this call.
   */
  readonly forceRefresh?: boolean;
}

/** The methods exposed to the app unchanged. */
export interface AuthMethods {
  /** Logs in with Tiki. Call it from a tap handler: Tiki may show a dialog. */
  readonly signIn: (options?: SignInOptions) => Promise<User>;
  readonly signOut: () => Promise<void>;
  /** A token valid for at least five more minutes; with `forceRefresh`, a new one. */
  readonly getIdToken: (options?: IdTokenOptions) => Promise<string>;
  /** Calls back once the user is known, then on each change. Returns the unsubscribe function. */
  readonly onAuthStateChanged: (listener: UserListener) => () => void;
  /**
   * Checks again who is logged in to Tiki, because that may have changed in the background. Call it
   * in `App.onShow`, unless `my.onAppShow` exists. Never rejects.
   */
  readonly resume: () => Promise<void>;
}

export interface Auth {
  /** Empty while signed out, and while the Tiki customer is being checked. */
  readonly session: () => Partial<Session>;
  readonly methods: AuthMethods;
  /** Sends with a token; after a 401, refreshes and retries once. */
  readonly authorised: (
    run: (headers: Record<string, string>, session: Session) => Promise<Answer>,
  ) => Promise<Answer>;
}

/**
 * Holds the only session. Sessions are replaced, never mutated. A session is exposed only while its
 * customer is the one logged in to Tiki: whenever that may have changed, it is withheld until Tiki
 * has confirmed the customer.
 */
export function createAuth(context: Context, storage: SessionStorage): Auth {
  const listeners = createListeners();
  let current: Session | undefined;
  /** Whether Tiki has confirmed that the session belongs to the current customer. */
  let isVerified: boolean | undefined;
  /** Why there is no session to expose. */
  let reason: ErrorCode | undefined;
  /** The result of a login, not yet compared with the current customer. */
  let candidate: Session | undefined;
  /** Orders the starts of logins, the sign-outs and the resumes. */
  let events = 0;
  let lastLogin = 0;
  let lastResume = 0;
  let checks = 0;
  let checking: Promise<void> | undefined;
  /** The refresh in flight, or the last one, and the session it replaces. */
  let refresh: Promise<void> | undefined;
  let refreshing: Session | undefined;
  /** Keyed by auth code. */
  const exchanges = new Map<unknown, Promise<Fields>>();

  const loaded = storage.load().then((session) => {
    if (!lastLogin) current = session;
  });
  checking = check();

  function setSession(why?: ErrorCode, session?: Session, verified?: boolean): void {
    current = session;
    isVerified = verified;
    reason = why;
    listeners.notify(session && verified ? session.user : null);
  }

  /** A failed erasure is harmless: the next start checks the customer. */
  function end(why?: ErrorCode): Promise<Outcome> {
    setSession(why);
    return storage.save();
  }

  /** Asks Tiki for the current customer and exposes their session: the candidate or the old one. */
  async function check(): Promise<void> {
    const thisCheck = ++checks;
    isVerified = false;
    listeners.notify();
    await loaded;
    const id = candidate || current ? await currentCustomerId(context) : '';
    // A newer check supersedes this one, whose answer may name the previous customer.
    if (thisCheck !== checks) return checking;
    const loggedIn = candidate;
    candidate = checking = undefined;
    // Without an id, any session may be the customer's.
    const isPossible = (session?: Session) => session && (!id || session.user.customer.id === id);
    const next = isPossible(loggedIn) ? loggedIn : current;
    if (isPossible(next)) {
      // A login identifies the customer by itself, unless the app was resumed since it started.
      setSession('user-unknown', next, !!id || (next === loggedIn && lastLogin > lastResume));
      if (next === loggedIn) await storage.save(next);
    } else if (next || loggedIn) void end('user-changed');
    else setSession(reason);
  }

  /**
   * The session, once its customer is confirmed. Fails if the user is no longer `user`, so that the
   * result of one user's request is never handed to the next.
   */
  async function verifiedSession(user?: User): Promise<Session> {
    while (checking) await checking;
    if (!(current && isVerified)) context.failWith(reason || 'not-signed-in');
    if (user && user.uid !== current.user.uid) context.failWith('user-changed');
    return current;
  }

  async function refreshTokens(session: Session): Promise<void> {
    try {
      const renewed = await askGoogle(context, '/securetoken/v1/token', session, {
        grant_type: 'refresh_token',
        refresh_token: session.refreshToken,
      });
      // Must not restore a user who signed out or changed in the meantime.
      if (current === session) {
        current = renewed;
        void storage.save(renewed);
      }
    } catch (error) {
      if (current === session) {
        refreshing = undefined;
        // askGoogle throws nothing else.
        const {
          code,
          extras: { status, body },
        } = error as TikiFirebaseError;
        // Permanent. A 400 whose body the runtime dropped counts too, since the request is valid.
        if (status === 400 && (!body || needsLogin(code))) void end(body ? code : 'token-expired');
      }
      throw error;
    }
  }

  async function freshSession(force?: boolean, user?: User): Promise<Session> {
    const session = await verifiedSession(user);
    const left = timeToRefresh(session, context.now());
    if (force || left <= 0) {
      // A single refresh for all callers.
      if (refreshing !== session) {
        refreshing = session;
        refresh = refreshTokens(session);
      }
      try {
        await refresh;
      } catch (error) {
        // The refresh is five minutes early: if it fails, the old token is still valid.
        if (force || current !== session || left <= -Refresh.EarlyMs) throw error;
      }
    }
    return verifiedSession(session.user);
  }

  return {
    session: () => (isVerified && current) || {},
    async authorised(run) {
      const runWith = (of: Session) => run({ Authorization: `Bearer ${of.idToken}` }, of);
      const session = await freshSession();
      let answer = await runWith(session);
      if (answer.status === 401) {
        // Another caller may have refreshed already.
        answer = await runWith(
          await freshSession((await verifiedSession(session.user)) === session, session.user),
        );
      }
      await verifiedSession(session.user);
      return answer;
    },
    methods: {
      onAuthStateChanged: listeners.listen,
      async signIn({ scopes = [] } = {}) {
        const began = ++events;
        const session = await login(context, scopes, exchanges);
        // Must not replace a login that started later, nor undo a sign-out.
        if (began > lastLogin) {
          lastLogin = began;
          candidate = session;
          await (checking = check());
        }
        return (await verifiedSession(session.user)).user;
      },
      async signOut() {
        lastLogin = ++events;
        candidate = undefined;
        if (!(await end()).ok) context.failWith('storage-failed');
      },
      async getIdToken({ forceRefresh } = {}) {
        return (await freshSession(forceRefresh)).idToken;
      },
      resume() {
        lastResume = ++events;
        return (checking = check());
      },
    },
  };
}
