import { deleteApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, getAuth, signInWithCustomToken } from 'firebase/auth';
import { randomUUID } from 'node:crypto';
import type { RunningBridge } from './bridge';
import { decodeToken } from './json-web-token';

/** Limit for the exchange, in ms; the function's own limit is 8 s. */
const EXCHANGE_MS = 20_000;

export interface TikiCustomer {
  /** int64 in decimal. */
  readonly customerId: string;
  readonly customerName: string;
}

export interface LoginStep {
  readonly title: string;
  readonly ms: number;
  readonly details: readonly string[];
}

export interface Login {
  readonly uid: string;
  readonly customerName: string;
  /** The payload of the custom token. */
  readonly customTokenPayload: Readonly<Record<string, unknown>>;
  /** The claims of the ID token, as security rules see them. */
  readonly idTokenClaims: Readonly<Record<string, unknown>>;
}

interface ExchangeAnswer {
  readonly customToken: string;
  readonly uid: string;
  readonly customer: { readonly id: string; readonly name: string };
}

/** POSTs the code to the bridge like a Tini App; an error contains the problem's code. */
export async function exchangeCode(
  hostingOrigin: string,
  code: string,
): Promise<{ readonly status: number; readonly answer: ExchangeAnswer }> {
  const response = await fetch(`${hostingOrigin}/auth_exchange`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
    signal: AbortSignal.timeout(EXCHANGE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`auth_exchange answered ${response.status}: ${reason(text)}`);
  // The documented response; the caller's checks find missing fields.
  return { status: response.status, answer: JSON.parse(text) as ExchangeAnswer };
}

/** "code: detail" of a problem+json response, or the start of the response text. */
function reason(text: string): string {
  try {
    // Each field is checked before use.
    const problem = JSON.parse(text) as { code?: unknown; detail?: unknown };
    if (typeof problem.code === 'string') return `${problem.code}: ${String(problem.detail)}`;
  } catch {
    // Not JSON: an error page of the emulators.
  }
  return text.slice(0, 500);
}

/** The parts of a running bridge that a login needs. */
export type LoginBridge = Pick<
  RunningBridge,
  'projectId' | 'hostingOrigin' | 'authEmulatorOrigin' | 'simulator'
>;

/** Signs in with the real client SDK and returns the session's ID token. */
async function signIn(bridge: LoginBridge, customToken: string): Promise<string> {
  const config = { projectId: bridge.projectId, apiKey: 'demo-api-key' };
  // A unique app name, so that one process can have many sessions.
  const app = initializeApp(config, randomUUID());
  try {
    const auth = getAuth(app);
    connectAuthEmulator(auth, bridge.authEmulatorOrigin, { disableWarnings: true });
    const { user } = await signInWithCustomToken(auth, customToken);
    return await user.getIdToken();
  } finally {
    await deleteApp(app);
  }
}

function requireEqual(what: string, actual: unknown, expected: string): void {
  if (actual === expected) return;
  throw new Error(`${what} is ${JSON.stringify(actual)}; expected "${expected}".`);
}

/**
 * One complete login, as in a Tini App: an auth code for the customer, the function `auth` behind
 * Hosting's rewrite, signInWithCustomToken, the ID token. Throws if a step fails or the customer
 * comes out changed.
 */
export async function logIn(
  bridge: LoginBridge,
  customer: TikiCustomer,
  onStep: (step: LoginStep) => void = () => undefined,
): Promise<Login> {
  let stepStarted = performance.now();
  const report = (title: string, details: readonly string[]) => {
    onStep({ title, ms: performance.now() - stepStarted, details });
    stepStarted = performance.now();
  };
  const expectedUid = `tiki:${customer.customerId}`;

  const { authCode } = bridge.simulator.issueAuthCode({ ...customer, scopes: ['user_profile'] });
  report('Tiki issues an auth code (my.getAuthCode)', [
    `customer ${customer.customerId}, ${customer.customerName}`,
  ]);

  const { status, answer } = await exchangeCode(bridge.hostingOrigin, authCode);
  report('POST /auth_exchange', [
    `${status}, uid ${answer.uid}`,
    `customer ${answer.customer.name}`,
  ]);
  requireEqual('The uid in the answer', answer.uid, expectedUid);

  const custom = decodeToken(answer.customToken);
  report('Custom token', [
    `header  ${JSON.stringify(custom.header)}`,
    `payload ${JSON.stringify(custom.payload)}`,
  ]);

  const idToken = await signIn(bridge, answer.customToken);
  report('signInWithCustomToken (firebase client SDK)', []);

  const claims = decodeToken(idToken).payload;
  report('ID token', [`claims  ${JSON.stringify(claims)}`]);
  requireEqual('The uid of the session', claims['user_id'], expectedUid);
  requireEqual('The claim provider', claims['provider'], 'tiki');
  requireEqual('The claim tikiCustomerId', claims['tikiCustomerId'], customer.customerId);

  return {
    uid: expectedUid,
    customerName: answer.customer.name,
    customTokenPayload: custom.payload,
    idTokenClaims: claims,
  };
}
