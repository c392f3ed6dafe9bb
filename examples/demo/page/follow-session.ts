import type { TikiFirebase } from 'tiki-firebase-client';
import { NOTHING_SEEN } from './premium/story';
import type { Store } from './state';
import { readSession, type Session } from './session/session';

/** Keeps the session in the store as the library has it. */
export interface FollowedSession {
  /** For what is no change of the user: new claims, another reason why there is no session. */
  readonly look: () => Promise<void>;
}

export function followSession(
  store: Store,
  firebase: TikiFirebase,
  clock: () => number,
): FollowedSession {
  let latest = 0;

  async function look(): Promise<void> {
    const mine = (latest += 1);
    const session = await readSession(firebase, clock);
    // A later question may have been answered sooner.
    if (mine !== latest) return;
    const goesOn = userOf(session) === userOf(store.state.session);
    store.update({ session, ...(!goesOn && { premium: NOTHING_SEEN }) });
  }

  firebase.onAuthStateChanged(() => {
    // Drawn in the middle of a login it would count as the login's time; that one looks afterwards.
    if (store.state.busyWith !== 'login') void look();
  });
  return { look };
}

function userOf(session: Session): unknown {
  return session.state === 'in' ? session.user : undefined;
}
