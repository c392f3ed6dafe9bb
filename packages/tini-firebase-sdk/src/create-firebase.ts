import { type FirebaseApp, initializeApp } from 'firebase/app';
import { type Auth, initializeAuth } from 'firebase/auth';
import { connect } from './gateway-fetch';
import type { My } from './my';
import { persistenceOver } from './persistence';
import { createResume, type Custody } from './resume';

export interface FirebaseOptions {
  /** `https://` and the domain that is registered in Tini Console; the gateway is served there. */
  readonly baseUrl: string;
  readonly projectId: string;
}

export interface Firebase {
  readonly app: FirebaseApp;
  readonly auth: Auth;
  /**
   * Asks Tiki again whose app this is. Call it in `App.onShow`, unless `my.onAppShow` exists:
   * somebody else may have logged in to Tiki while the app was in the background.
   */
  readonly resume: () => Promise<void>;
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
  const surroundings = { my, setTimeout, clearTimeout };
  connect(surroundings, baseUrl);
  const app = initializeApp({ apiKey: ANY_KEY, projectId });
  const custody: Custody = { keepsStored: false, user: undefined };
  const auth = initializeAuth(app, { persistence: persistenceOver(surroundings, custody) });
  const resume = createResume(surroundings, auth, custody);
  my.onAppShow?.(() => {
    void resume();
  });
  return { app, auth, resume };
}
