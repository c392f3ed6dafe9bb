import { type FirebaseApp, initializeApp } from 'firebase/app';
import { type Auth, initializeAuth, signOut } from 'firebase/auth';
import { currentUid } from './customer';
import { connect } from './gatewayFetch';
import type { My } from './my';
import { persistenceOver } from './persistence';

export interface FirebaseOptions {
  /** `https://` and the domain that is registered in Tini Console; the gateway is served there. */
  readonly baseUrl: string;
  readonly projectId: string;
}

export interface Firebase {
  readonly app: FirebaseApp;
  readonly auth: Auth;
}

/** The SDK insists on a key; the gateway puts the project's own in its place. */
const ANY_KEY = 'gateway';

/**
 * Firebase for a Tini App: everything it sends goes through `my.request` to `baseUrl`.
 *
 *     const { auth } = createFirebase(my, { baseUrl: 'https://example.com', projectId: 'my-app' });
 *     await signInWithCustomToken(auth, customToken);
 *
 * To be called once.
 */
export function createFirebase(my: My, { baseUrl, projectId }: FirebaseOptions): Firebase {
  connect(my, baseUrl);
  const app = initializeApp({ apiKey: ANY_KEY, projectId });
  const auth = initializeAuth(app, { persistence: persistenceOver(my) });
  my.onAppShow?.(() => {
    void signOutOthers(my, auth);
  });
  return { app, auth };
}

/** Somebody else may have logged in to Tiki while the app was in the background. */
async function signOutOthers(my: My, auth: Auth): Promise<void> {
  const signedIn = auth.currentUser?.uid;
  if (signedIn === undefined) return;
  const uid = await currentUid(my);
  if (uid !== undefined && uid !== signedIn && auth.currentUser?.uid === signedIn) {
    await signOut(auth);
  }
}
