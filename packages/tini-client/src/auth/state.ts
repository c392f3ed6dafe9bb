import { type ErrorCode } from '../errors';
import { type Session } from './session';

/**
 * Whose session it is. `my` storage belongs to the app, not to the Tiki user, so a session is kept
 * and exposed separately: it is exposed in `confirmed` only.
 */
export interface State {
  readonly is:
    | 'loading' // reading storage
    | 'signed-out'
    | 'asking' // asking Tiki which customer is logged in; calls wait
    | 'withheld' // Tiki does not say: a session is kept but not exposed
    | 'confirmed';
  /** The session that is kept: storage has the same. */
  readonly session?: Session | undefined;
  /** While asking: the result of a login, which may belong to another customer by now. */
  readonly login?: Session | undefined;
  /** While asking: that login stands if Tiki does not say, because its code named the customer. */
  readonly stands?: boolean;
  /** What calls fail with. */
  readonly why?: ErrorCode;
}

/** What happens, and what is known about it. */
export interface Events {
  /** Storage was read. */
  readonly loaded: { readonly session: Session | undefined };
  /** The app returned to the foreground: another customer may be logged in to Tiki. */
  readonly shown: object;
  readonly loggedIn: { readonly session: Session; readonly stands: boolean };
  /** Tiki answered with the customer's id; empty if it does not say, or not exactly. */
  readonly answered: { readonly id: string };
  /** Firebase renewed the tokens of a session. */
  readonly refreshed: { readonly from: Session; readonly session: Session };
  /** Firebase rejected a session for good. */
  readonly rejected: { readonly from: Session; readonly why: ErrorCode };
  readonly signedOut: object;
}

type Step<E extends keyof Events> = (state: State, event: Events[E]) => State;

const signedOut = (): State => ({ is: 'signed-out', why: 'not-signed-in' });

const loaded: Step<'loaded'> = (_, { session }) =>
  session ? { is: 'asking', session } : signedOut();

const shown: Step<'shown'> = ({ session, login }) => ({ is: 'asking', session, login });

const loggedIn: Step<'loggedIn'> = ({ session }, { session: login, stands }) => ({
  is: 'asking',
  session,
  login,
  stands,
});

const answered: Step<'answered'> = ({ session: kept, login, stands }, { id }) => {
  const session = [login, kept].find((one) => one && (!id || one.user.customer.id === id));
  if (!session) return { is: 'signed-out', why: 'user-changed' };
  return id || (stands && session === login)
    ? { is: 'confirmed', session }
    : { is: 'withheld', session, why: 'user-unknown' };
};

/** A login stood by itself, and Tiki answers late. */
const answeredLate: Step<'answered'> = (state, event) =>
  event.id ? answered(state, event) : state;

// The results of a refresh count only for the session that was refreshed.
const refreshed: Step<'refreshed'> = (state, { from, session }) =>
  state.session === from ? Object.assign({}, state, { session }) : state;

const rejected: Step<'rejected'> = (state, { from, why }) => {
  if (state.session !== from) return state;
  return state.login ? Object.assign({}, state, { session: undefined }) : { is: 'signed-out', why };
};

/** The states, and the events that mean something in each; README.md has the picture. */
const STEPS: {
  readonly [S in State['is']]: { readonly [E in keyof Events]?: Step<E> };
} = {
  loading: { loaded, loggedIn, signedOut },
  'signed-out': { loggedIn, signedOut },
  asking: { shown, loggedIn, answered, refreshed, rejected, signedOut },
  withheld: { shown, loggedIn, answered, refreshed, rejected, signedOut },
  confirmed: { shown, loggedIn, answered: answeredLate, refreshed, rejected, signedOut },
};

/** The state after an event; the same object if the event means nothing in this state. */
export function after<E extends keyof Events>(state: State, name: E, event: Events[E]): State {
  const step: Step<E> | undefined = STEPS[state.is][name];
  return step ? step(state, event) : state;
}
