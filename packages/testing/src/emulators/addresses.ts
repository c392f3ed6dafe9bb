import {
  type FirebaseJson,
  PROJECT_ROOT,
  readDemoParameters,
  readFirebaseJson,
} from './project-files';
import { findFreePorts, isFree, requireFree } from './ports';

/** `fixed`: the documented ports of firebase.json. `free`: random ones, for parallel bridges. */
export type PortChoice = 'fixed' | 'free';

export interface BridgePorts {
  readonly auth: number;
  readonly functions: number;
  readonly hosting: number;
  /** Of the companion's Hosting site, if there is one. */
  readonly companion: number;
  readonly simulator: number;
  readonly firestore: number;
  /** Of the Emulator UI, if it is started. */
  readonly ui: number;
  /** Used by firebase-tools internally, therefore never fixed. */
  readonly internal: {
    readonly hub: number;
    readonly logging: number;
    readonly eventarc: number;
    readonly tasks: number;
  };
}

const FIRESTORE_DEFAULT_PORT = 8080;
const UI_DEFAULT_PORT = 4000;

/**
 * firebase-tools serves the second site this many ports above the first, and does not ask. See
 * `start` in firebase-tools/src/serve/hosting.ts.
 */
const SECOND_SITE = 5;

function simulatorPort(): number {
  const address = readDemoParameters()['TIKI_API_BASE_URL'];
  if (address === undefined) throw new Error(`TIKI_API_BASE_URL is missing in ${PROJECT_ROOT}`);
  return Number(new URL(address).port);
}

async function fixedPorts(
  { emulators }: FirebaseJson,
  spare: { readonly firestore: number; readonly ui: number },
  withCompanion: boolean,
) {
  const ports = {
    auth: emulators.auth.port,
    functions: emulators.functions.port,
    hosting: emulators.hosting.port,
    companion: emulators.hosting.port + SECOND_SITE,
    simulator: simulatorPort(),
  };
  await requireFree([
    { service: 'Hosting emulator and demo page', port: ports.hosting },
    ...(withCompanion ? [{ service: 'Web pages', port: ports.companion }] : []),
    { service: 'Functions emulator', port: ports.functions },
    { service: 'Auth emulator', port: ports.auth },
    { service: 'Tiki simulator', port: ports.simulator },
  ]);
  // 8080 and 4000 are often taken, and nothing of ours depends on them, so fall back to free ports.
  const firestore = emulators.firestore?.port ?? FIRESTORE_DEFAULT_PORT;
  return {
    ...ports,
    firestore: (await isFree(firestore)) ? firestore : spare.firestore,
    ui: (await isFree(UI_DEFAULT_PORT)) ? UI_DEFAULT_PORT : spare.ui,
  };
}

const INTERNAL = ['hub', 'logging', 'eventarc', 'tasks'] as const;
const PUBLIC = ['auth', 'functions', 'hosting', 'simulator', 'firestore', 'ui'] as const;

/** @throws BusyPortError when a fixed port is taken */
export async function choosePorts(
  choice: PortChoice,
  withCompanion: boolean,
): Promise<BridgePorts> {
  const { hub, logging, eventarc, tasks, ...free } = await findFreePorts([...INTERNAL, ...PUBLIC]);
  const internal = { hub, logging, eventarc, tasks };
  if (choice === 'fixed') {
    return { ...(await fixedPorts(readFirebaseJson(), free, withCompanion)), internal };
  }
  const companion = free.hosting + SECOND_SITE;
  if (withCompanion && !(await isFree(companion))) return choosePorts(choice, withCompanion);
  return { ...free, companion, internal };
}
