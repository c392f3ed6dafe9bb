import { FirebaseError } from 'firebase/app';
import {
  type Auth,
  signInWithCustomToken,
  signOut,
  updateCurrentUser,
  type User,
} from 'firebase/auth';
import type { Customer } from './customer';

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

export interface CustomerChecks {
  /**
   * Lets Tiki ask a user who has never decided whether the app may know who they are: only then can a
   * session be restored. Opens a dialog, so call it from the tap that logs in, before
   * `my.getAuthCode`: the login begins with it.
   */
  readonly requestPermission: () => Promise<void>;
  /**
   * Checks again who is logged in to Tiki, because that may have changed in the background. Call it
   * in `App.onShow`, unless `my.onAppShow` exists.
   */
  readonly resume: () => Promise<void>;
  /**
   * `signInWithCustomToken`, followed by a check that the customer is still logged in to Tiki. Where
   * Tiki does not say who is there, the login stands, because its code came from the customer,
   * unless `resume` was called since `requestPermission` or, without that, in the meantime.
   *
   * @throws FirebaseError `tiki/user-changed` if another customer is logged in to Tiki now,
   * `tiki/user-unknown` if the session is withheld, and the SDK's own errors
   */
  readonly signIn: (customToken: string) => Promise<User>;
}

/**
 * Creates the functions that compare the session with the Tiki customer. A check ends another
 * customer's session, withholds the session while the customer is unknown, or restores it.
 */
export function createCustomerChecks(
  customer: Customer,
  auth: Auth,
  withheld: WithheldSession,
): CustomerChecks {
  const known = () => auth.currentUser ?? withheld.user;
  let resumes = 0;
  /** The resumes before the login that has begun, whose code names the customer of that time. */
  let begun: number | undefined;
  let checks = 0;
  let checking: Promise<void>;

  /** @param stands Whether the session stands where the customer is unknown */
  async function run(stands: () => boolean): Promise<void> {
    const thisCheck = (checks += 1);
    await auth.authStateReady();
    const user = known();
    if (!user) return;
    const uid = await customer.uid();
    // A newer check supersedes this one, whose answer may name the previous customer.
    if (thisCheck !== checks) return checking;
    // So does a login or logout in the meantime.
    if (known()?.uid !== user.uid) return;
    if (uid === undefined) {
      if (auth.currentUser && !stands()) await withhold(auth, withheld, user);
    } else if (uid !== user.uid) {
      await signOut(auth);
    } else if (!auth.currentUser) {
      await updateCurrentUser(auth, user);
    }
  }
  const check = (stands: () => boolean) => (checking = run(stands));

  return {
    async requestPermission() {
      await customer.requestPermission();
      begun = resumes;
    },
    resume() {
      resumes += 1;
      return check(() => false);
    },
    async signIn(customToken) {
      const before = begun ?? resumes;
      begun = undefined;
      const { user } = await signInWithCustomToken(auth, customToken);
      await check(() => resumes === before);
      if (auth.currentUser?.uid === user.uid) return user;
      throw withheld.user
        ? new FirebaseError('tiki/user-unknown', 'Tiki does not say who is logged in.')
        : new FirebaseError('tiki/user-changed', 'Another customer is logged in to Tiki.');
    },
  };
}
