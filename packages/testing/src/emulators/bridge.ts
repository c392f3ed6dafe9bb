import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startTikiSimulator, type TikiSimulator } from '@tiki-bridge/tiki-simulator/server';
import { choosePorts, type PortChoice } from './addresses';
import { findEmulatorUi } from './emulator-ui';
import { type EmulatorOrigins, startEmulators, waitForEmulators } from './firebase-tools';
import { type FirestoreEngine, type FirestoreUnavailable, startFirestoreEngine } from './firestore';
import { LOOPBACK } from './ports';
import { PROJECT_ID, PROJECT_ROOT, readDemoParameters } from './project-files';
import {
  type Companion,
  copyBuiltFunctions,
  createStaging,
  fillStaging,
  STAGED_PLANS,
} from './staging';

/** From a cold start to a responding function, in ms; usually takes 10 to 15 s. */
const START_MS = 180_000;
/** The simulator's secret; the emulated functions get it in .secret.local. */
const SIMULATOR_SECRET = 'demo-client-secret';

export interface BridgeStep {
  readonly name: string;
  readonly state: 'started' | 'done' | 'skipped';
  /** Why the step was skipped. */
  readonly note?: string;
}

/** What a site gets to know about its bridge. */
export interface SiteContext extends EmulatorOrigins {
  readonly projectId: string;
  readonly simulatorOrigin: string;
  readonly firestore: FirestoreEngine | FirestoreUnavailable;
  /** Only where the Emulator UI runs. */
  readonly emulatorUiOrigin?: string;
  /** The folder that Hosting serves. */
  readonly publicFolder: string;
}

/** Pages that Hosting serves next to the bridge, and the servers they need. */
export interface Site {
  readonly name: string;
  /** Writes the pages and starts their servers. Called before the emulators start. */
  readonly start: (context: SiteContext) => Promise<RunningSite>;
}

export interface RunningSite {
  /** Resolves once its servers respond. Called when the emulators are running. */
  ready(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** What a companion gets to know about its bridge. */
export interface CompanionOrigins {
  readonly hostingOrigin: string;
  readonly simulatorOrigin: string;
}

export interface BridgeOptions {
  readonly ports: PortChoice;
  /** Whether to start a Firestore engine if one is installed; default true. */
  readonly firestore?: boolean;
  /** Whether to start the Emulator UI if it is installed; default false. */
  readonly emulatorUi?: boolean;
  readonly site?: Site;
  /** Turns the bridge's web sessions on, for the companion's pages. */
  readonly companion?: (origins: CompanionOrigins) => Companion;
  /** Parameters for the functions, in addition to functions/.env.demo-tiki-bridge. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onProgress?: (step: BridgeStep) => void;
  /** Aborts the start. A running bridge is ended by `stop()`. */
  readonly signal?: AbortSignal;
}

export interface RunningBridge extends EmulatorOrigins {
  readonly projectId: string;
  readonly firestoreHost?: string;
  readonly firestoreUnavailableReason?: string;
  readonly emulatorUiOrigin?: string;
  readonly simulator: TikiSimulator;
  /** All output of the emulators and the functions. */
  logs(): string;
  /** Resolves once the logs contain the text: an entry may arrive after the response. */
  logged(text: string): Promise<void>;
  /** Updates the emulators with the current build of the functions. */
  reloadFunctions(): Promise<void>;
  /** Resolves with the exit code when the emulators exit or are stopped. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

async function startFirestore(
  wanted: boolean,
  port: number,
): Promise<FirestoreEngine | FirestoreUnavailable> {
  if (!wanted) return { unavailable: 'It was not requested.' };
  const rulesFile = path.join(PROJECT_ROOT, 'firestore.rules');
  try {
    return await startFirestoreEngine({ projectId: PROJECT_ID, port, rulesFile });
  } catch (error) {
    // Login needs no database, so the rest runs without the engine.
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Starts everything a login and a purchase need, offline: the Tiki simulator, the Auth, Functions and Hosting
 * emulators, and Firestore if an engine is installed. Touches none of the developer's files, and
 * leaves nothing running, however this process ends. The functions must be built already.
 *
 * @throws BusyPortError, or an Error with the emulators' last output
 */
export async function startBridge(options: BridgeOptions): Promise<RunningBridge> {
  const { onProgress = () => undefined } = options;
  const undo: (() => Promise<void>)[] = [];
  const undoAll = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= undoAll());
  const startSignal = AbortSignal.any([
    AbortSignal.timeout(START_MS),
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
    options.signal?.throwIfAborted();
    onProgress({ name, state: 'started' });
    const result = await work();
    onProgress({ name, state: 'done' });
    return result;
  }

  try {
    const ports = await choosePorts(options.ports, options.companion !== undefined);
    const origins: EmulatorOrigins = {
      hostingOrigin: `http://${LOOPBACK}:${ports.hosting}`,
      functionsOrigin: `http://${LOOPBACK}:${ports.functions}`,
      authEmulatorOrigin: `http://${LOOPBACK}:${ports.auth}`,
      ...(options.companion && { companionOrigin: `http://${LOOPBACK}:${ports.companion}` }),
    };

    const simulator = await step('Tiki simulator', async () =>
      startTikiSimulator({
        port: ports.simulator,
        clientKey: readDemoParameters()['TIKI_CLIENT_KEY'] ?? 'demo-client-key',
        clientSecret: SIMULATOR_SECRET,
        ipnUrl: `${origins.hostingOrigin}/tiki_ipn`,
      }),
    );
    undo.push(() => simulator.close());

    onProgress({ name: 'Firestore', state: 'started' });
    const firestore = await startFirestore(options.firestore ?? true, ports.firestore);
    if ('host' in firestore) {
      undo.push(() => firestore.stop());
      onProgress({ name: 'Firestore', state: 'done' });
    } else {
      onProgress({ name: 'Firestore', state: 'skipped', note: firestore.unavailable });
    }

    const emulatorsPath =
      options.emulatorUi === true ? findEmulatorUi(process.env, os.homedir()) : undefined;
    const ui =
      emulatorsPath === undefined ? {} : { emulatorUiOrigin: `http://${LOOPBACK}:${ports.ui}` };
    const staging = await createStaging();
    undo.push(() => rm(staging.folder, { recursive: true, force: true }));
    const companion = options.companion?.({
      hostingOrigin: origins.hostingOrigin,
      simulatorOrigin: simulator.origin,
    });
    await fillStaging(staging, {
      ports,
      emulatorUi: emulatorsPath !== undefined,
      parameters: {
        TIKI_API_BASE_URL: simulator.apiBaseUrl,
        PAYMENT_PLANS: STAGED_PLANS,
        ...(origins.companionOrigin !== undefined && {
          WEB_ORIGINS: origins.companionOrigin,
          WEB_API_KEY: 'demo-api-key',
        }),
        ...options.env,
      },
      secrets: {
        TIKI_CLIENT_SECRET: SIMULATOR_SECRET,
        // Only read where WEB_ORIGINS is set: the function is left out otherwise.
        SESSION_KEYS: randomBytes(32).toString('base64url'),
      },
      ...(companion && { companion }),
    });
    const { site } = options;
    const runningSite =
      site &&
      (await step(site.name, () =>
        site.start({
          ...origins,
          projectId: PROJECT_ID,
          simulatorOrigin: simulator.origin,
          firestore,
          ...ui,
          publicFolder: staging.publicFolder,
        }),
      ));
    if (runningSite) undo.push(() => runningSite.stop());

    const emulators = await step('Auth, Functions and Hosting emulators', async () => {
      const firestoreHost = 'host' in firestore ? firestore.host : undefined;
      const started = startEmulators(staging, { firestoreHost, emulatorsPath });
      undo.push(() => started.stop());
      await waitForEmulators(started, origins, startSignal);
      await runningSite?.ready(startSignal);
      return started;
    });

    return {
      projectId: PROJECT_ID,
      ...origins,
      ...('host' in firestore
        ? { firestoreHost: firestore.host }
        : { firestoreUnavailableReason: firestore.unavailable }),
      ...ui,
      simulator,
      logs: () => emulators.output(),
      logged: (text) => emulators.waitForOutput(text),
      reloadFunctions: () => copyBuiltFunctions(staging),
      ended: emulators.exited,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
