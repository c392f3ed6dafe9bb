import path from 'node:path';
import { type Build, buildPackage } from './build';
import type { Phone } from './phone';
import { openWorld } from './world';

/** The variables available to code that runs in the app. */
const NAMES =
  'sdk, my, baseUrl, auth, app, resume, signIn, requestPermission, users, restored, login';

/**
 * A mini program that creates the SDK's app, registers a listener and can log in. Source text,
 * because its objects must belong to the mini program's realm.
 */
const PROGRAM = `(sdk, my, baseUrl) => {
  const { auth, app, resume, signIn, requestPermission } = sdk.createFirebase(my, {
    baseUrl,
    projectId: 'demo-tiki-bridge',
  });
  const users = [];
  const restored = new Promise((resolve) => {
    sdk.onAuthStateChanged(auth, (user) => {
      users.push(user && user.uid);
      resolve(user);
    });
  });
  const ask = (name, options) =>
    new Promise((resolve, reject) => {
      my[name]({ ...options, success: resolve, fail: reject });
    });
  const login = async () => {
    const { authCode } = await ask('getAuthCode', { scopes: ['offline'] });
    const answer = await ask('request', {
      url: baseUrl + '/auth_exchange',
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      data: { code: authCode },
    });
    const { customToken } = typeof answer === 'string' ? JSON.parse(answer) : answer;
    return signIn(customToken);
  };
  return { ${NAMES} };
}`;

/** The part of PROGRAM's result that is used from outside. */
interface Scope {
  readonly auth: { readonly currentUser: { readonly uid: string } | null };
  readonly users: readonly (string | null)[];
  readonly resume: () => Promise<void>;
}

export interface OpenedSdk {
  /** Runs a function body in the app, and returns its result, passed as JSON. */
  readonly run: (body: string) => Promise<unknown>;
  readonly resume: () => Promise<void>;
  /** The user returns to the app. */
  readonly show: () => void;
  /** The SDK's current user. */
  readonly uid: () => string | null;
  /** All users that a listener got since the start. */
  readonly users: () => readonly (string | null)[];
}

type SdkFile = 'firebase-auth.js' | 'firebase-auth-firestore.js';

/** Starts the mini program on a phone. */
function openSdk(
  { folder }: Build,
  file: SdkFile,
  phone: Phone,
  changes: Readonly<Record<string, unknown>> = {},
): OpenedSdk {
  const world = openWorld(phone);
  // PROGRAM evaluates to this function.
  const start = world.evaluate(PROGRAM) as (...given: readonly unknown[]) => Scope;
  const my = { ...world.my, ...changes };
  const scope = start(world.run(path.join(folder, 'cjs', file)), my, phone.domains[0]);
  return {
    run: async (body) => {
      const code = `async ({ ${NAMES} }) => JSON.stringify((await (async () => {${body}})()) ?? null)`;
      // The line above evaluates to this function.
      const run = world.evaluate(code) as (scope: Scope) => Promise<string>;
      return JSON.parse(await run(scope)) as unknown;
    },
    resume: scope.resume,
    show: world.show,
    uid: () => scope.auth.currentUser?.uid ?? null,
    users: () => [...scope.users],
  };
}

/** Builds the official SDK for the Tini runtime once per suite. */
export function sdkForTests(file: SdkFile) {
  let built: Build | undefined;
  beforeAll(() => {
    built = buildPackage('tini-firebase-sdk', ['--no-types']);
  });
  afterAll(() => {
    built?.remove();
  });
  const build = () => {
    if (!built) throw new Error('The SDK is built in beforeAll; use it inside tests only.');
    return built;
  };
  return {
    /** The output of the build: a line for each file. */
    printed: () => build().printed,
    /** @param changes Overrides for the app's `my`. */
    open: (phone: Phone, changes?: Readonly<Record<string, unknown>>) =>
      openSdk(build(), file, phone, changes),
  };
}
