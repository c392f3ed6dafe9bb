import { type ErrorCode, needsLogin, TikiFirebaseError } from '../errors';
import { type Answer } from '../runtime/answer';
import { type Outcome } from '../runtime/callMy';
import { type Context } from '../runtime/context';
import { currentCustomerId } from './currentCustomer';
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
  /** A new token with the claims of now, even if the old one still lasts. */
  readonly forceRefresh?: boolean;
}

export interface Auth {
  /** Empty while nobody is logged in. */
  readonly session: () => Partial<Session>;
  readonly signIn: (options?: SignInOptions) => Promise<User>;
  readonly signOut: () => Promise<void>;
  readonly getIdToken: (options?: IdTokenOptions) => Promise<string>;
  /** Sends with a token, and once more with a new one after a 401. */
  readonly authorised: (
    run: (headers: Record<string, string>) => Promise<Answer>,
  ) => Promise<Answer>;
  /** Asks Tiki again whose app this is. Never rejects. */
  readonly resume: () => Promise<void>;
  readonly onChange: (listener: UserListener) => () => void;
}

/** Holds the one session there is. Sessions are replaced, never changed. */
export function createAuth(context: Context, storage: SessionStorage): Auth {
  let current: Session | undefined;
  /** Tiki has said that the session belongs to who is here now. Until then it is withheld. */
  let isTheirs = false;
  /** Why no session is given out. */
  let reason: ErrorCode = 'not-signed-in';
  let signOuts = 0;
  let refreshing: { readonly of: Session; readonly result: Promise<void> } | undefined;
  const listeners = createListeners();

  const given = () => (isTheirs ? current : undefined);

  function become(session?: Session, why: ErrorCode = 'not-signed-in', theirs = !!session): void {
    current = session;
    isTheirs = theirs;
    reason = why;
    listeners.notify(session && theirs ? session.user : null);
  }

  /** Gives out, withholds or ends the session, according to who is logged in to Tiki now. */
  async function checkCustomer(): Promise<void> {
    const before = current;
    if (!before) return;
    const customerId = await currentCustomerId(context);
    // Somebody logged in or out meanwhile, which settled it; a mere refresh did not.
    if (!current || current.user !== before.user) return;
    if (!customerId) become(current, 'user-unknown', false);
    else if (customerId === current.user.customer.id) become(current);
    else void end('user-changed');
  }

  /** Nobody waits for the erasure, and a failure is no harm: the next start checks the customer. */
  function end(why?: ErrorCode): Promise<Outcome> {
    become(undefined, why);
    return storage.save();
  }

  async function restore(): Promise<void> {
    const session = await storage.load();
    if (!signOuts) current = session;
    await checkCustomer();
    if (!current) listeners.notify(null);
  }

  let checked = restore();

  function mustHave(): Session {
    const session = given();
    if (!session) throw context.error(reason);
    return session;
  }

  /** What was asked for one user is not handed to the next. */
  function stillTheirs({ user }: Session): Session {
    const session = mustHave();
    if (session.user.uid !== user.uid) throw context.error('user-changed');
    return session;
  }

  async function replace(session: Session): Promise<void> {
    try {
      const renewed = await askGoogle(context, '/securetoken/v1/token', session.user, {
        grant_type: 'refresh_token',
        refresh_token: session.refreshToken,
      });
      // Not to bring back who logged out or changed while this was under way.
      if (current === session) {
        current = renewed;
        void storage.save(renewed);
      }
    } catch (error) {
      if (error instanceof TikiFirebaseError && current === session) {
        refreshing = undefined;
        const { status, body = {} } = error.extras;
        // Refused for good; also if the runtime dropped the body, since the request is right.
        if (needsLogin(error.code)) void end(error.code);
        else if (status === 400 && !body['error']) void end('token-expired');
      }
      throw error;
    }
  }

  async function fresh(force?: boolean): Promise<Session> {
    const session = mustHave();
    const left = timeToRefresh(session, context.now());
    if (force || left <= 0) {
      // One at a time, however many callers.
      if (!refreshing || refreshing.of !== session) {
        refreshing = { of: session, result: replace(session) };
      }
      try {
        await refreshing.result;
      } catch (error) {
        // Five minutes early there is no hurry: without a network the old token still does.
        if (force || current !== session || left <= -Refresh.EarlyMs) throw error;
      }
    }
    return stillTheirs(session);
  }

  return {
    session: () => given() || {},
    onChange: listeners.add,
    async signIn({ scopes = [] } = {}) {
      const before = signOuts;
      await checked;
      const session = await login(context, scopes);
      if (signOuts !== before) throw context.error(reason);
      become(session);
      await storage.save(session);
      return session.user;
    },
    async signOut() {
      signOuts += 1;
      if (!(await end()).ok) throw context.error('storage-failed');
    },
    async getIdToken({ forceRefresh } = {}) {
      await checked;
      return (await fresh(forceRefresh)).idToken;
    },
    async authorised(run) {
      await checked;
      const runWith = ({ idToken }: Session) => run({ Authorization: `Bearer ${idToken}` });
      const session = await fresh();
      let answer = await runWith(session);
      if (answer.status === 401) {
        // Another caller may have refreshed already.
        answer = await runWith(await fresh(stillTheirs(session) === session));
      }
      await checked;
      stillTheirs(session);
      return answer;
    },
    resume() {
      checked = checked.then(checkCustomer);
      return checked;
    },
  };
}
