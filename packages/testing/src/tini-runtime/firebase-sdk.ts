import path from 'node:path';
import { type Build, buildPackage } from './build';
import type { Phone } from './phone';
import { openWorld } from './world';

/** On a busy machine, ms. */
const BUILD_MS = 300_000;

/** What a program that runs in the app can name. */
const NAMES = 'sdk, my, baseUrl, auth, app, resume, told, restored, login';

/**
 * A mini program that does nothing but create the SDK's app, listen, and know how to log in. It is
 * written as text, as what runs in it: its objects have to be of the mini program's own world.
 */
const PROGRAM = `(sdk, my, baseUrl) => {
  const { auth, app, resume } = sdk.createFirebase(my, { baseUrl, projectId: 'demo-tiki-bridge' });
  const told = [];
  const restored = new Promise((resolve) => {
    sdk.onAuthStateChanged(auth, (user) => {
      told.push(user && user.uid);
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
    return (await sdk.signInWithCustomToken(auth, customToken)).user;
  };
  return { ${NAMES} };
}`;

/** As much of what PROGRAM gives as is looked at from outside. */
interface Scope {
  readonly auth: { readonly currentUser: { readonly uid: string } | null };
  readonly told: readonly (string | null)[];
  readonly resume: () => Promise<void>;
}

export interface OpenedSdk {
  /** Runs the body of a function in the app, and gives what it returned as JSON. */
  readonly run: (body: string) => Promise<unknown>;
  readonly resume: () => Promise<void>;
  /** The user comes back to the app. */
  readonly show: () => void;
  /** Who the SDK says is logged in. */
  readonly uid: () => string | null;
  /** Everyone that a listener was told of, since the start. */
  readonly told: () => readonly (string | null)[];
}

type SdkFile = 'firebase-auth.js' | 'firebase-auth-firestore.js';

/** Opens a mini program: a fresh start of the app on that phone. */
function openSdk(
  { folder }: Build,
  file: SdkFile,
  phone: Phone,
  changes: Readonly<Record<string, unknown>> = {},
): OpenedSdk {
  const world = openWorld(phone);
  // The function that PROGRAM writes down.
  const start = world.evaluate(PROGRAM) as (...given: readonly unknown[]) => Scope;
  const my = { ...world.my, ...changes };
  const scope = start(world.run(path.join(folder, file)), my, phone.domains[0]);
  return {
    run: async (body) => {
      const code = `async ({ ${NAMES} }) => JSON.stringify((await (async () => {${body}})()) ?? null)`;
      // The function that the line above writes down.
      const run = world.evaluate(code) as (scope: Scope) => Promise<string>;
      return JSON.parse(await run(scope)) as unknown;
    },
    resume: scope.resume,
    show: world.show,
    uid: () => scope.auth.currentUser?.uid ?? null,
    told: () => [...scope.told],
  };
}

/** Builds the official SDK for the Tini runtime once for the tests of the suite it is called in. */
export function sdkForTests(file: SdkFile) {
  let built: Build | undefined;
  beforeAll(() => {
    built = buildPackage('tini-firebase-sdk');
  }, BUILD_MS);
  afterAll(() => {
    built?.remove();
  });
  const build = () => {
    if (!built) throw new Error('The SDK is built before the tests, not while they are listed.');
    return built;
  };
  return {
    /** What the build printed: a line for each file. */
    printed: () => build().printed,
    /** `changes` are made to the app's `my`. */
    open: (phone: Phone, changes?: Readonly<Record<string, unknown>>) =>
      openSdk(build(), file, phone, changes),
  };
}
