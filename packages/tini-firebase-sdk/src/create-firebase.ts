import { type FirebaseApp, initializeApp } from 'firebase/app';
import { type Auth, initializeAuth } from 'firebase/auth';
import { connect } from './gateway-fetch';
import type { My } from './my';
import { persistenceOver } from './persistence';
import { createCustomer } from './customer';
import { createCustomerChecks, type CustomerChecks, type WithheldSession } from './customer-checks';

export interface FirebaseOptions {
  /** `https://` and the domain registered in Tini Console, which serves the gateway. */
  readonly baseUrl: string;
  readonly projectId: string;
}

export interface Firebase extends CustomerChecks {
  readonly app: FirebaseApp;
  readonly auth: Auth;
}

/** The SDK requires a key; the gateway replaces it with the project's own. */
const PLACEHOLDER_KEY = 'gateway';

/**
 * Firebase for a Tini App: sends everything through `my.request` to `baseUrl`.
 *
 *     const { signIn } = createFirebase(my, { baseUrl: 'https://example.com', projectId: 'my-app' });
 *     await signIn(customToken);
 *
 * Call it once.
 */
export function createFirebase(my: My, { baseUrl, projectId }: FirebaseOptions): Firebase {
  const platform = { my, setTimeout, clearTimeout };
  connect(platform, baseUrl);
  const app = initializeApp({ apiKey: PLACEHOLDER_KEY, projectId });
  const customer = createCustomer(platform);
  const withheld: WithheldSession = { keepsStored: false, user: undefined };
  const auth = initializeAuth(app, { persistence: persistenceOver(platform, customer, withheld) });
  const checks = createCustomerChecks(customer, auth, withheld);
  my.onAppShow?.(() => {
    void checks.resume();
  });
  return { app, auth, ...checks };
}
