import { existsSync } from 'node:fs';
import os from 'node:os';
import { cleanEnvironment } from './clean-environment';
import { type FirestoreJar, findFirestoreJars } from './firestore-jar';
import { type GuardedProcess, startGuarded } from './guarded-process';
import { findJava } from './java';
import { findFreePorts, LOOPBACK } from './ports';
import { waitUntilReady } from './readiness';

export interface FirestoreEngineOptions {
  /** Security rules to enforce; without them everything is allowed. */
  readonly rulesFile?: string;
  readonly projectId: string;
  /** Default: a free port. */
  readonly port?: number;
  /** Where events of registered triggers go, `host:port`. */
  readonly functionsEmulator?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly homeFolder?: string;
}

export interface FirestoreEngine {
  /** `host:port`, the format of FIRESTORE_EMULATOR_HOST. */
  readonly host: string;
  stop(): Promise<void>;
}

export interface FirestoreUnavailable {
  /** For people: what is missing and how to get it. */
  readonly unavailable: string;
}

const START_MS = 180_000;
/** Java's error for a jar that needs a newer version. */
const JAVA_TOO_OLD = /UnsupportedClassVersionError/;

const NO_JAVA =
  'Java is not installed. Install a JRE, version 21 or newer, e.g. from https://adoptium.net.';
const NO_JAR =
  'The Firestore emulator is not installed. Install it with ' +
  '"npx firebase setup:emulators:firestore" or "gcloud components install cloud-firestore-emulator".';

async function startJar(
  java: string,
  jar: FirestoreJar,
  port: number,
  { projectId, rulesFile, functionsEmulator, env = process.env }: FirestoreEngineOptions,
): Promise<GuardedProcess> {
  const rules = rulesFile !== undefined && existsSync(rulesFile) ? ['--rules', rulesFile] : [];
  const events = functionsEmulator === undefined ? [] : ['--functions_emulator', functionsEmulator];
  const network = ['--host', LOOPBACK, '--port', String(port)];
  const engine = startGuarded(
    java,
    // Rule errors are recognized by their English text.
    ['-Duser.language=en', ...jar.javaArgs, ...network, ...events, ...rules],
    { cwd: os.tmpdir(), env: cleanEnvironment(env) },
  );
  try {
    await waitUntilReady({
      name: 'The Firestore emulator',
      guarded: engine,
      // A real read, so that the rules are compiled before the first test.
      url: `http://${LOOPBACK}:${port}/v1/projects/${projectId}/databases/(default)/documents/a/b`,
      headers: { Authorization: 'Bearer owner' },
      isReady: ({ status }) => status === 404,
      signal: AbortSignal.timeout(START_MS),
    });
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/**
 * Starts an installed Firestore emulator: the Google Cloud CLI's, otherwise one downloaded by
 * firebase-tools. Downloads nothing. Throws if an engine is installed but does not start, for
 * example because of an error in the rules.
 */
export async function startFirestoreEngine(
  options: FirestoreEngineOptions,
): Promise<FirestoreEngine | FirestoreUnavailable> {
  const { env = process.env, homeFolder = os.homedir() } = options;
  const java = findJava(env);
  if (java === undefined) return { unavailable: NO_JAVA };
  const jars = findFirestoreJars(env, homeFolder);
  if (jars.length === 0) return { unavailable: NO_JAR };
  for (const jar of jars) {
    const port = options.port ?? (await findFreePorts(['firestore'])).firestore;
    try {
      const engine = await startJar(java.command, jar, port, options);
      return { host: `${LOOPBACK}:${port}`, stop: () => engine.stop() };
    } catch (error) {
      if (!(error instanceof Error && JAVA_TOO_OLD.test(error.message))) throw error;
    }
  }
  return {
    unavailable: `The Firestore emulator needs a newer Java than ${java.major}: install 21 or newer.`,
  };
}
