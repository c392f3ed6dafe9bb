import { ENDING, type ErrorCode, type TikiFirebaseError } from '../errors';
import { type Answer, type Fields } from '../runtime/answer';
import { type Context } from '../runtime/context';
import { createCustomerQuestions } from '../runtime/customer';
import { type Storage } from '../runtime/storage';
import { getAuthCode } from './auth-code';
import { askGoogle } from './endpoints';
import { createListeners, type UserListener } from './listeners';
import { login } from './login';
import { type Session, sessionOf, tokenState, type User } from './session';
import { after, type Events, type State } from './state';

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
  /** A valid token, refreshed in the background in its last five minutes; forced, a new one. */
  readonly getIdToken: (options?: IdTokenOptions) => Promise<string>;
  /** Calls back once the user is known, then on each change. Returns the unsubscribe function. */
  readonly onAuthStateChanged: (listener: UserListener) => () => void;
  /** The same, and also on each new token: its claims may have changed. */
  readonly onIdTokenChanged: (listener: UserListener) => () => void;
  /**
   * Checks again who is logged in to Tiki, because that may have changed in the background. Call it
   * in `App.onShow`, unless `my.onAppShow` exists. Never rejects.
   */
  readonly resume: () => Promise<void>;
}

export interface Auth {
  /** Empty while signed out, and while the Tiki customer is unknown. */
  readonly session: () => Partial<Session>;
  readonly methods: AuthMethods;
  /** Sends with a token; after a 401, refreshes and retries once. */
  readonly authorised: (
    run: (headers: Record<string, string>, session: Session) => Promise<Answer>,
  ) => Promise<Answer>;
}

/** The events after which Tiki is asked who is logged in, if there is a session to ask for. */
const ASKED_AFTER: readonly (keyof Events)[] = ['loaded', 'shown', 'loggedIn'];

/**
 * Holds the only session: runs the state machine of state.ts. Sessions are replaced, never mutated.
 */
export function createAuth(context: Context, storage: Storage): Auth {
  const customer = createCustomerQuestions(context);
  const { notify, onAuthStateChanged, onIdTokenChanged } = createListeners(context);
  let state: State = { is: 'loading' };
  /** Those who wait until it is known whose session it is. */
  const waiting: (() => void)[] = [];
  let saved: Promise<boolean> | undefined;
  /** Orders the starts of logins, the requests for codes, the sign-outs and the returns. */
  let events = 0;
  let lastLogin = 0;
  let lastShown = 0;
  /** The refresh in flight, or the last one, and the session it replaces. */
  let refresh: Promise<void> | undefined;
  let refreshing: Session | undefined;
  /** Keyed by auth code. */
  const exchanges = new Map<unknown, Promise<Fields>>();

  const isKnown = () => state.is !== 'loading' && state.is !== 'asking';
  const exposed = () => (state.is === 'confirmed' ? state.session : undefined);

  function happen<E extends keyof Events>(name: E, event: Events[E]): void {
    const { session } = state;
    state = after(state, name, event);
    notify(isKnown() ? exposed() || null : undefined);
    if (name === 'signedOut' || (name !== 'loaded' && state.session !== session)) {
      saved = storage.save(state.session);
    }
    if (state.is === 'asking' && ASKED_AFTER.indexOf(name) >= 0) {
      customer.ask((id) => {
        happen('answered', { id });
      });
    }
    for (const resolve of waiting.splice(0)) resolve();
  }

  const nextEvent = () => new Promise<void>((resolve) => waiting.push(resolve));

  async function untilKnown(): Promise<void> {
    while (!isKnown()) await nextEvent();
  }

  void storage.load().then((stored) => {
    happen('loaded', { session: sessionOf(stored) });
  });

  /**
   * The session, once its customer is confirmed. Fails if the user is no longer `user`, so that the
   * result of one user's request is never handed to the next.
   */
  async function confirmedSession(user?: User): Promise<Session> {
    // Not by untilKnown: the user could return to the app between its last check and the next line.
    while (!isKnown()) await nextEvent();
    const session = exposed();
    if (!session) return context.failWith(state.why || 'not-signed-in');
    if (user && user.uid !== session.user.uid) context.failWith('user-changed');
    return session;
  }

  async function refreshTokens(from: Session): Promise<void> {
    try {
      const session = await askGoogle(context, '/securetoken/v1/token', from, {
        grant_type: 'refresh_token',
        refresh_token: from.refreshToken,
      });
      happen('refreshed', { from, session });
    } catch (error) {
      if (refreshing === from) refreshing = undefined;
      // askGoogle throws nothing else.
      const {
        code,
        extras: { status, body },
      } = error as TikiFirebaseError;
      const ending: readonly ErrorCode[] = ENDING;
      // The request is valid, so a 400 whose body the runtime dropped means the same.
      const why = body ? code : 'token-expired';
      if (status === 400 && ending.indexOf(why) >= 0) happen('rejected', { from, why });
      throw error;
    }
  }

  /** A single refresh for all callers. */
  function refreshed(session: Session): Promise<void> {
    if (refresh && refreshing === session) return refresh;
    refreshing = session;
    return (refresh = refreshTokens(session));
  }

  async function freshSession(force?: boolean, user?: User): Promise<Session> {
    const session = await confirmedSession(user);
    const token = tokenState(session, context.now());
    if (token === 'expired' || force) {
      await refreshed(session);
      return confirmedSession(session.user);
    }
    // Nobody waits for this refresh: its failure is reported once the token has expired.
    if (token === 'due') refreshed(session).catch(() => undefined);
    return session;
  }

  return {
    session: () => exposed() || {},
    async authorised(run) {
      const runWith = (of: Session) => run({ Authorization: `Bearer ${of.idToken}` }, of);
      const session = await freshSession();
      let answer = await runWith(session);
      if (answer.status === 401) {
        // Another caller may have refreshed already.
        answer = await runWith(
          await freshSession((await confirmedSession(session.user)) === session, session.user),
        );
      }
      await confirmedSession(session.user);
      return answer;
    },
    methods: {
      onAuthStateChanged,
      onIdTokenChanged,
      async signIn(options) {
        const { scopes = [] } = options || {};
        if (!Array.isArray(scopes)) context.failWith('invalid-argument', { detail: 'scopes' });
        const began = ++events;
        await customer.requestPermission();
        const askedAt = ++events;
        const session = await login(context, await getAuthCode(context, scopes), exchanges);
        // Must not replace a login that started later, nor undo a sign-out.
        if (began > lastLogin) {
          lastLogin = began;
          // The code names the customer of the time when it was requested.
          happen('loggedIn', { session, stands: askedAt > lastShown });
          await untilKnown();
          await saved;
        }
        return (await confirmedSession(session.user)).user;
      },
      async signOut() {
        lastLogin = ++events;
        happen('signedOut', {});
        if (!(await saved)) context.failWith('storage-failed');
      },
      async getIdToken(options) {
        return (await freshSession(options && options.forceRefresh)).idToken;
      },
      resume() {
        lastShown = ++events;
        happen('shown', {});
        return untilKnown();
      },
    },
  };
}
