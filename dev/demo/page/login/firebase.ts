import { initializeApp } from 'firebase/app';
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
  /** Returns the ID token. */
  signIn(customToken: string): Promise<string>;
  signOut(): Promise<void>;
}

export function connectFirebase(config: DemoConfig): FirebaseLogin {
  const app = initializeApp({ apiKey: config.apiKey, projectId: config.projectId });
  // In memory: a reload starts from nothing, and a demo leaves nothing behind in the browser.
  const auth = initializeAuth(app, { persistence: inMemoryPersistence });
  connectAuthEmulator(auth, config.authEmulatorOrigin, { disableWarnings: true });
  return {
    async signIn(customToken) {
      const { user } = await signInWithCustomToken(auth, customToken);
      return user.getIdToken();
    },
    signOut: () => signOut(auth),
  };
}
