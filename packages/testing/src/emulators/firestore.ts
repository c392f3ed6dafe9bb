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
  /** Any free one when left out. */
  readonly port?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly homeFolder?: string;
}

export interface FirestoreEngine {
  /** `host:port`, as FIRESTORE_EMULATOR_HOST wants it. */
  readonly host: string;
  stop(): Promise<void>;
}

export interface FirestoreUnavailable {
  /** One sentence or two for a person: what is missing and how to get it. */
  readonly unavailable: string;
}

const START_MS = 60_000;
/** How Java says that a jar was made for a newer Java. */
const JAVA_TOO_OLD = /UnsupportedClassVersionError/;

const NO_JAVA =
  'Java is not installed. Install a JRE, version 21 or newer, e.g. from https://adoptium.net.';
const NO_JAR =
  'The Firestore emulator is not on this machine. Get it with ' +
  '"npx firebase setup:emulators:firestore" or "gcloud components install cloud-firestore-emulator".';

async function startJar(
  java: string,
  jar: FirestoreJar,
  port: number,
  { projectId, rulesFile, env = process.env }: FirestoreEngineOptions,
): Promise<GuardedProcess> {
  const rules = rulesFile !== undefined && existsSync(rulesFile) ? ['--rules', rulesFile] : [];
  const engine = startGuarded(
    java,
    // Rule errors are told apart by their English text.
    ['-Duser.language=en', ...jar.javaArgs, '--host', LOOPBACK, '--port', String(port), ...rules],
    { cwd: os.tmpdir(), env: cleanEnvironment(env) },
  );
  try {
    await waitUntilReady({
      name: 'The Firestore emulator',
      guarded: engine,
      // A real read, so that the rules are compiled before the first test asks.
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
 * Starts the Firestore emulator of whichever installation this machine has: the Google Cloud
 * CLI's, else the one firebase-tools has downloaded. Nothing is downloaded here. Throws when an
 * engine is there but does not start, e.g. for a mistake in the rules.
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
    unavailable: `The Firestore emulator here needs a newer Java than ${java.major}: install 21 or newer.`,
  };
}
