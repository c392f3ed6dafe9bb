import { defineBoolean, defineInt, defineSecret, defineString } from 'firebase-functions/params';
import { accountDomain } from './account-domain';
import { TIKI_PRODUCTION } from './providers/tiki/environments';

/**
 * The account that a function runs as: one of its own, which infra/setup.sh creates with the roles of
 * infra/access.json. Its address in full: the Firebase CLI expands `name@` for the function, but not
 * where it grants access to secrets and lets Cloud Scheduler call.
 *
 * @returns nothing where the project is not known, as in tests. The emulators ignore it.
 */
export function runsAs(account: string): { readonly serviceAccount?: string } {
  const projectId = process.env['GCLOUD_PROJECT'];
  return projectId ? { serviceAccount: `${account}@${accountDomain(projectId)}` } : {};
}

/** Declared for the Firebase CLI, which prompts for missing values on deployment. */
export const secrets = {
  clientSecret: defineSecret('TIKI_CLIENT_SECRET'),
};
/** How many instances of each public function run: options, resolved by the Firebase CLI on deployment. */
export const instances = {
  least: defineInt('MIN_INSTANCES', {
    default: 0,
    description: 'Instances of each function that run even without requests, and are billed',
  }),
  // What Google assumes without a value.
  most: defineInt('MAX_INSTANCES', {
    default: 100,
    description: 'The most instances of each function; requests beyond them wait',
  }),
};
defineString('TIKI_CLIENT_KEY', {
  description: 'Client key of your Tini App (Tini Console, general settings)',
});
defineString('TIKI_API_BASE_URL', {
  default: TIKI_PRODUCTION,
  description: 'Tiki Open API: production, or the sandbox with a sandbox key',
});
defineBoolean('TIKI_TOKENS_TO_CLIENT', {
  default: false,
  description: "Hand Tiki's own tokens to the Tini App as well",
});
defineString('SIGNING_SERVICE_ACCOUNT', {
  default: '',
  description: 'E-mail of the service account whose key signs; empty: discover it',
});
defineString('PATH_PREFIX', {
  default: '',
  description: 'Path of the bridge on your site, such as /tiki; empty: at the root',
});
defineString('BRIDGE_CODEBASE', {
  default: '',
  description:
    'Codebase of these functions in firebase.json, for commands in the log; empty: tiki-bridge',
});
defineString('ALLOWED_ORIGINS', {
  default: '',
  description: 'Exact origins of web clients, separated by commas; empty: no CORS',
});
defineString('APP_CHECK_APP_ID', {
  default: '',
  description: 'Firebase app id to mint App Check tokens for; empty: no App Check',
});
defineInt('RATE_LIMIT_PER_MINUTE', {
  default: 30,
  description: 'Exchanges per client address and minute; 0: no limit',
});
defineString('RATE_LIMIT_STORE', {
  default: 'memory',
  description: "memory: each instance counts; firestore: all together, in this project's Firestore",
});
defineString('TRUSTED_PROXIES', {
  default: '',
  description: 'Addresses of your load balancer or other proxies, separated by commas; empty: none',
});
defineInt('MAX_IN_FLIGHT', {
  default: 400,
  description: 'Requests that one instance works on at once; more are turned away',
});
defineString('WEB_API_KEY', {
  default: '',
  description: "Web API key of this Firebase project (project settings), for the gateway's calls",
});
defineString('STORAGE_BUCKET', {
  default: '',
  description: "Bucket of Cloud Storage for the app's files; empty: the project's default bucket",
});
defineString('TRACES_ENDPOINT', {
  default: '',
  description: 'OTLP/HTTP address of a collector for traces of logins; empty: no traces',
});
defineString('OPERATOR_EMAILS', {
  default: '',
  description: 'Accounts that may read the state of auth at /ready, separated by commas',
});
export const webOrigins = defineString('WEB_ORIGINS', {
  default: '',
  description: 'Exact origins of web pages with sessions, separated by commas; empty: no sessions',
});
defineInt('SESSION_DAYS', {
  default: 14,
  description: 'Days until a web session in a cookie ends',
});
defineString('TIKI_VALIDATION_CODES', {
  default: '',
  description: 'code:content pairs of Tini Console, separated by commas; empty: files of Hosting',
});
export const privateBackend = defineString('PRIVATE_BACKEND_URL', {
  default: '',
  description: 'Address of your own Cloud Run service or function for /backend/; empty: none',
});
defineString('PRIVATE_BACKEND_AUDIENCE', {
  default: '',
  description: 'OAuth client id of Identity-Aware Proxy before the backend; empty: its address',
});
export const paymentPlans = defineString('PAYMENT_PLANS', {
  default: '',
  description: 'Plans file in functions/ for payments, such as plans.json; empty: nothing is sold',
});
defineInt('REFUND_WINDOW_HOURS', {
  default: 24,
  description:
    'Hours after payment in which an order can be refunded through Tiki; then it is final',
});
defineString('PREMIUM_DATABASE_URL', {
  default: '',
  description: 'Realtime Database that mirrors premiumUntil for strict rules; empty: no mirror',
});
export const pushNotifications = defineBoolean('PUSH_NOTIFICATIONS', {
  default: false,
  description: 'Send notifications through Firebase Cloud Messaging; needs Firestore',
});
