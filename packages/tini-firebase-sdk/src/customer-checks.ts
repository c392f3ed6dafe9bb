import { type Auth, signOut, updateCurrentUser, type User } from 'firebase/auth';
import { currentUid } from './customer';
import type { Platform } from './my';

/** A session that is kept but not exposed while the Tiki customer is unknown. */
export interface WithheldSession {
  /** The next removal by the SDK must not erase the stored session. */
  keepsStored: boolean;
  /** Restored as soon as Tiki confirms the customer. */
  user: User | undefined;
}

async function withhold(auth: Auth, withheld: WithheldSession, user: User): Promise<void> {
  withheld.user = user;
  withheld.keepsStored = true;
  try {
    await updateCurrentUser(auth, null);
  } finally {
    // Later removals are requested by the app.
    withheld.keepsStored = false;
  }
}

/**
 * Creates the function that checks the Tiki customer when the app is shown again. It ends another
 * customer's session, withholds the session while the customer is unknown, or restores it.
 */
export function createResume(
  platform: Platform,
  auth: Auth,
  withheld: WithheldSession,
): () => Promise<void> {
  const known = () => auth.currentUser ?? withheld.user;
  let checks = 0;
  return async () => {
    const thisCheck = (checks += 1);
    await auth.authStateReady();
    const user = known();
    if (!user) return;
    const uid = await currentUid(platform);
    // A newer check, or a login or logout in the meantime, supersedes this one.
    if (thisCheck !== checks || known()?.uid !== user.uid) return;
    if (uid === undefined) {
      if (auth.currentUser) await withhold(auth, withheld, user);
    } else if (uid !== user.uid) {
      await signOut(auth);
    } else if (!auth.currentUser) {
      await updateCurrentUser(auth, user);
    }
  };
}
