import type { TikiFirebase } from 'tiki-firebase-client';
import { SWITCHED_OFF } from './phone/screen';
import { NOTHING_SEEN } from './premium/story';
import { NOTHING_BOUGHT } from './shop/state';
import type { Store } from './state';
import { readSession, type Session } from './session/session';

/** Keeps the session in the store in sync with the library. */
export interface FollowedSession {
  /** For changes other than of the user: new claims, or another reason for having no session. */
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
    // A later read may have finished first.
    if (mine !== latest) return;
    const goesOn = userOf(session) === userOf(store.state.session);
    const nothingYet = {
      premium: NOTHING_SEEN,
      shop: NOTHING_BOUGHT,
      phone: SWITCHED_OFF,
      backend: undefined,
    };
    store.update({ session, ...(!goesOn && nothingYet) });
  }

  firebase.onAuthStateChanged(() => {
    // Not during a login, whose time it would add to; the login reads the session at its end.
    if (store.state.busyWith !== 'login') void look();
  });
  return { look };
}

function userOf(session: Session): unknown {
  return session.state === 'in' ? session.user : undefined;
}
