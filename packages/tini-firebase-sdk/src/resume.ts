import { type Auth, signOut, updateCurrentUser, type User } from 'firebase/auth';
import { currentUid } from './customer';
import type { Surroundings } from './my';

/** A session that is there and given to nobody, while Tiki does not say whose app this is. */
export interface Custody {
  /** What is stored stays this time, although the SDK is to know of no user. */
  keepsStored: boolean;
  /** To be given out again as soon as Tiki says that it is theirs. */
  user: User | undefined;
}

async function withhold(auth: Auth, custody: Custody, user: User): Promise<void> {
  custody.user = user;
  custody.keepsStored = true;
  try {
    await updateCurrentUser(auth, null);
  } finally {
    // From now on it is the app that asks for an erasure.
    custody.keepsStored = false;
  }
}

/**
 * Makes the function that asks Tiki whose app this is, now that it is shown again, and ends the
 * session of somebody else, withholds that of nobody knows whom, or gives it out again.
 */
export function createResume(
  surroundings: Surroundings,
  auth: Auth,
  custody: Custody,
): () => Promise<void> {
  const known = () => auth.currentUser ?? custody.user;
  let questions = 0;
  return async () => {
    const question = (questions += 1);
    await auth.authStateReady();
    const user = known();
    if (!user) return;
    const uid = await currentUid(surroundings);
    // A later question is answered for the user of then. And who logged in or out meanwhile has
    // settled it.
    if (question !== questions || known()?.uid !== user.uid) return;
    if (uid === undefined) {
      if (auth.currentUser) await withhold(auth, custody, user);
    } else if (uid !== user.uid) {
      await signOut(auth);
    } else if (!auth.currentUser) {
      await updateCurrentUser(auth, user);
    }
  };
}
