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
  /** What the app asks Tiki's user for; nothing unless given. */
  readonly scopes?: readonly string[];
}

export interface IdTokenOptions {
  /**
   * A new token, even if the old one still lasts. It joins a refresh that is under way already, whose
   * claims may be a moment older than the call.
   */
  readonly forceRefresh?: boolean;
}

/** What the app calls, as it is. */
export interface AuthMethods {
  /** Logs in with Tiki; must follow a tap, since Tiki may ask the user. */
  readonly signIn: (options?: SignInOptions) => Promise<User>;
  readonly signOut: () => Promise<void>;
  /** A token good for five more minutes; with `forceRefresh`, a new one. */
  readonly getIdToken: (options?: IdTokenOptions) => Promise<string>;
  /** Calls with the user as soon as it is known, then at each change. Gives the way to stop it. */
  readonly onAuthStateChanged: (listener: UserListener) => () => void;
  /**
   * Asks Tiki again whose app this is. Call it in `App.onShow`, unless `my.onAppShow` exists:
   * somebody else may be logged in now. Never rejects.
   */
  readonly resume: () => Promise<void>;
}

export interface Auth {
  /** Empty while nobody is logged in, and while Tiki is asked who it is. */
  readonly session: () => Partial<Session>;
  readonly methods: AuthMethods;
  /** Sends with a token, and once more with a new one after a 401. */
  readonly authorised: (
    run: (headers: Record<string, string>, session: Session) => Promise<Answer>,
  ) => Promise<Answer>;
}

/**
 * Holds the one session there is. Sessions are replaced, never changed. It is given out to nobody
 * but the customer who is logged in to Tiki: whenever that may have changed, it is withheld until
 * Tiki has answered who it is.
 */
export function createAuth(context: Context, storage: SessionStorage): Auth {
  const listeners = createListeners();
  let current: Session | undefined;
  /** Tiki has said that the session belongs to who is here now. Until then it is withheld. */
  let isTheirs: boolean | undefined;
  /** Why no session is given out. */
  let reason: ErrorCode | undefined;
  /** Of a login, and not compared yet with who is here. */
  let candidate: Session | undefined;
  /** Numbers logins as they begin, sign-outs and returns to the app, to know what came later. */
  let events = 0;
  let lastLogin = 0;
  let lastReturn = 0;
  let questions = 0;
  let checking: Promise<void> | undefined;
  /** The refresh that is under way, or the last one, and the session that it is to replace. */
  let refresh: Promise<void> | undefined;
  let refreshing: Session | undefined;
  /** By auth code. */
  const exchanges = new Map<unknown, Promise<Fields>>();

  const loaded = storage.load().then((session) => {
    if (!lastLogin) current = session;
  });
  checking = check();

  function become(why?: ErrorCode, session?: Session, theirs?: boolean): void {
    current = session;
    isTheirs = theirs;
    reason = why;
    listeners.notify(session && theirs ? session.user : null);
  }

  /** Nobody waits for the erasure, and a failure is no harm: the next start checks the customer. */
  function end(why?: ErrorCode): Promise<Outcome> {
    become(why);
    return storage.save();
  }

  /** Asks Tiki who is here, and gives out the session that is theirs: the candidate, or the old. */
  async function check(): Promise<void> {
    const question = ++questions;
    isTheirs = false;
    listeners.notify();
    await loaded;
    const id = candidate || current ? await currentCustomerId(context) : '';
    // The answer to an older question may be about who was here before.
    if (question !== questions) return checking;
    const loggedIn = candidate;
    candidate = checking = undefined;
    // Without an answer it may be anybody.
    const mayBe = (session?: Session) => session && (!id || session.user.customer.id === id);
    const next = mayBe(loggedIn) ? loggedIn : current;
    if (mayBe(next)) {
      // A login tells itself who it is, unless somebody else may have come since it began.
      become('user-unknown', next, !!id || (next === loggedIn && lastLogin > lastReturn));
      if (next === loggedIn) await storage.save(next);
    } else if (next || loggedIn) void end('user-changed');
    else become(reason);
  }

  /**
   * The session, once it is known whose it is. What was asked for one user is not handed to the
   * next: then this fails.
   */
  async function owned(user?: User): Promise<Session> {
    while (checking) await checking;
    if (!(current && isTheirs)) context.failWith(reason || 'not-signed-in');
    if (user && user.uid !== current.user.uid) context.failWith('user-changed');
    return current;
  }

  async function replace(session: Session): Promise<void> {
    try {
      const renewed = await askGoogle(context, '/securetoken/v1/token', session, {
        grant_type: 'refresh_token',
        refresh_token: session.refreshToken,
      });
      // Not to bring back who logged out or changed while this was under way.
      if (current === session) {
        current = renewed;
        void storage.save(renewed);
      }
    } catch (error) {
      if (current === session) {
        refreshing = undefined;
        // What askGoogle throws.
        const {
          code,
          extras: { status, body },
        } = error as TikiFirebaseError;
        // Refused for good; also if the runtime dropped the body, since the request is right.
        if (status === 400 && (!body || needsLogin(code))) void end(body ? code : 'token-expired');
      }
      throw error;
    }
  }

  async function fresh(force?: boolean, user?: User): Promise<Session> {
    const session = await owned(user);
    const left = timeToRefresh(session, context.now());
    if (force || left <= 0) {
      // One at a time, however many callers.
      if (refreshing !== session) {
        refreshing = session;
        refresh = replace(session);
      }
      try {
        await refresh;
      } catch (error) {
        // Five minutes early there is no hurry: without a network the old token still does.
        if (force || current !== session || left <= -Refresh.EarlyMs) throw error;
      }
    }
    return owned(session.user);
  }

  return {
    session: () => (isTheirs && current) || {},
    async authorised(run) {
      const runWith = (of: Session) => run({ Authorization: `Bearer ${of.idToken}` }, of);
      const session = await fresh();
      let answer = await runWith(session);
      if (answer.status === 401) {
        // Another caller may have refreshed already.
        answer = await runWith(await fresh((await owned(session.user)) === session, session.user));
      }
      await owned(session.user);
      return answer;
    },
    methods: {
      onAuthStateChanged: listeners.listen,
      async signIn({ scopes = [] } = {}) {
        const began = ++events;
        const session = await login(context, scopes, exchanges);
        // Not in place of a login that began later, nor after a sign-out.
        if (began > lastLogin) {
          lastLogin = began;
          candidate = session;
          await (checking = check());
        }
        return (await owned(session.user)).user;
      },
      async signOut() {
        lastLogin = ++events;
        candidate = undefined;
        if (!(await end()).ok) context.failWith('storage-failed');
      },
      async getIdToken({ forceRefresh } = {}) {
        return (await fresh(forceRefresh)).idToken;
      },
      resume() {
        lastReturn = ++events;
        return (checking = check());
      },
    },
  };
}
