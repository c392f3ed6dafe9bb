import { initializeApp, type FirebaseApp } from 'firebase/app';
import {
  connectAuthEmulator,
  inMemoryPersistence,
  initializeAuth,
  signInWithCustomToken,
  signOut,
} from 'firebase/auth';
import type { DemoConfig } from '../config';

/** The real client SDK, pointed at the Auth emulator. */
export interface FirebaseLogin {
  /** For the other parts of the SDK, which then act as whoever is signed in. */
  readonly app: FirebaseApp;
  /** Returns the ID token. */
  signIn(customToken: string): Promise<string>;
  /** `getIdToken(true)`: the session goes on with the account's claims of now. Returns the ID token. */
  refreshToken(): Promise<string>;
  signOut(): Promise<void>;
}

export function connectFirebase(config: DemoConfig): FirebaseLogin {
  const app = initializeApp({ apiKey: config.apiKey, projectId: config.projectId });
  // In memory: a reload starts from nothing, and a demo leaves nothing behind in the browser.
  const auth = initializeAuth(app, { persistence: inMemoryPersistence });
  connectAuthEmulator(auth, config.authEmulatorOrigin, { disableWarnings: true });
  return {
    app,
    async signIn(customToken) {
      const { user } = await signInWithCustomToken(auth, customToken);
      return user.getIdToken();
    },
    async refreshToken() {
      if (!auth.currentUser) throw new Error('Nobody is signed in');
      return auth.currentUser.getIdToken(true);
    },
    signOut: () => signOut(auth),
  };
}
