import path from 'node:path';
import { cleanEnvironment } from './clean-environment';
import { type GuardedProcess, startGuarded } from './guarded-process';
import { PROJECT_ID, PROJECT_ROOT } from './project-files';
import { waitUntilReady } from './readiness';
import type { Staging } from './staging';

/** Printed by firebase-tools, which keeps running, when a function cannot be loaded. */
const FUNCTION_BROKEN = /Failed to load function definition|Cannot determine backend specification/;

/** What the emulators find already there. */
export interface Started {
  readonly firestoreHost: string | undefined;
  /** The folder with the downloaded Emulator UI. */
  readonly emulatorsPath: string | undefined;
}

/** Keeps firebase-tools off the network and out of the developer's home folder. */
function environment({ home, folder }: Staging, { firestoreHost, emulatorsPath }: Started) {
  return cleanEnvironment(process.env, {
    HOME: home,
    USERPROFILE: home,
    APPDATA: home,
    LOCALAPPDATA: home,
    // The emulators register projects and ports there; parallel bridges must not share it.
    TMPDIR: folder,
    // With CI set, firebase-tools fetches no news and no remote configuration.
    CI: 'true',
    NO_UPDATE_NOTIFIER: '1',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
    // The emulator starts a Node process per concurrent request, by default up to 50.
    FUNCTIONS_EMULATOR_PARALLEL: '4',
    // Seconds to load the functions; the default of 10 is too short for a busy machine.
    FUNCTIONS_DISCOVERY_TIMEOUT: '60',
    ...(firestoreHost === undefined ? {} : { FIRESTORE_EMULATOR_HOST: firestoreHost }),
    ...(emulatorsPath === undefined ? {} : { FIREBASE_EMULATORS_PATH: emulatorsPath }),
  });
}

/** The staging folder is removed when the emulators exit. */
export function startEmulators(staging: Staging, started: Started): GuardedProcess {
  const firebase = path.join(PROJECT_ROOT, 'node_modules', 'firebase-tools', 'lib', 'bin');
  return startGuarded(
    process.execPath,
    [
      path.join(firebase, 'firebase.js'),
      'emulators:start',
      '--only',
      'auth,functions,hosting',
      '--project',
      PROJECT_ID,
    ],
    {
      cwd: staging.folder,
      env: environment(staging, started),
      removeAfterwards: staging.folder,
    },
  );
}

export interface EmulatorOrigins {
  readonly hostingOrigin: string;
  readonly functionsOrigin: string;
  readonly authEmulatorOrigin: string;
  /** Of the companion's pages; only with a companion. */
  readonly companionOrigin?: string;
}

/** Resolves when all respond, `auth` and the companion's start page through Hosting's rewrites. */
export async function waitForEmulators(
  guarded: GuardedProcess,
  origins: EmulatorOrigins,
  signal: AbortSignal,
): Promise<void> {
  const common = { guarded, signal, failurePattern: FUNCTION_BROKEN };
  await waitUntilReady({
    ...common,
    name: 'The Auth emulator',
    url: `${origins.authEmulatorOrigin}/`,
    isReady: ({ ok }) => ok,
  });
  await waitUntilReady({
    ...common,
    name: 'The Functions emulator',
    // Lists the loaded functions; before that, requests get a 404.
    url: `${origins.functionsOrigin}/backends`,
    isReady: async (answer) => (await answer.text()).includes('"entryPoint":"auth"'),
  });
  await waitUntilReady({
    ...common,
    name: 'The function auth behind the Hosting emulator',
    // GET is not allowed, and only the function itself reports that as problem+json.
    url: `${origins.hostingOrigin}/auth_exchange`,
    isReady: ({ headers }) => headers.get('content-type')?.includes('problem+json') ?? false,
  });
  const { companionOrigin } = origins;
  if (companionOrigin === undefined) return;
  await waitUntilReady({
    ...common,
    name: "The companion's start page",
    // 404 until its functions are loaded, which happens after those of the bridge.
    url: `${companionOrigin}/`,
    isReady: ({ ok }) => ok,
  });
}
