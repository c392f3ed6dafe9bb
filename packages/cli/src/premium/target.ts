import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  parseDotenv,
  PROJECT_ID,
  PROJECT_ROOT,
} from '@tiki-bridge/testing/emulators/project-files';
import { UsageError } from './command-line';

/** What a command acts on. */
export interface Target {
  readonly kind: 'emulators' | 'project';
  readonly projectId: string;
  /** Of the Realtime Database that mirrors premiumUntil, as the deployed functions know it. */
  readonly databaseUrl: string | undefined;
  /** For a person, in one line. */
  readonly description: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DATABASE_URL = 'PREMIUM_DATABASE_URL';

/** From the parameters of the functions, so that an operator cannot forget the mirror. */
export function readDatabaseUrl(
  projectId: string,
  folder = path.join(PROJECT_ROOT, 'functions'),
): string | undefined {
  const files = [`.env.${projectId}`, '.env'].map((name) => path.join(folder, name));
  const found = files
    .filter((file) => existsSync(file))
    .map((file) => parseDotenv(readFileSync(file, 'utf8'))[DATABASE_URL])
    .find((value) => value !== undefined);
  return found?.replace(/^(["'])(.*)\1$/, '$2') || undefined;
}

/**
 * Emulators where the environment names them, a real project only where `--project` asks for it.
 * Never half and half: a document here and an account there would be a mess that looks like work.
 *
 * @throws UsageError
 */
export function chooseTarget(
  project: string | undefined,
  env: Environment,
  databaseUrlOf: (projectId: string) => string | undefined = readDatabaseUrl,
): Target {
  if (project !== undefined && !/^[a-z][a-z0-9-]{4,29}$/.test(project)) {
    throw new UsageError('--project must be the id of a Firebase project');
  }
  const projectId = project ?? PROJECT_ID;
  const databaseUrl = databaseUrlOf(projectId);
  const hosts = {
    FIRESTORE_EMULATOR_HOST: env['FIRESTORE_EMULATOR_HOST'],
    FIREBASE_AUTH_EMULATOR_HOST: env['FIREBASE_AUTH_EMULATOR_HOST'],
    ...(databaseUrl !== undefined && {
      FIREBASE_DATABASE_EMULATOR_HOST: env['FIREBASE_DATABASE_EMULATOR_HOST'],
    }),
  };
  const missing = Object.entries(hosts).flatMap(([name, host]) => (host ? [] : [name]));
  const mirrored = databaseUrl === undefined ? '' : `, mirrored to ${databaseUrl}`;
  if (missing.length === 0) {
    const where = Object.values(hosts).join(', ');
    const description = `Acting on the emulators at ${where} (project ${projectId})${mirrored}`;
    return { kind: 'emulators', projectId, databaseUrl, description };
  }
  if (missing.length < Object.keys(hosts).length) {
    throw new UsageError(
      `Some emulators are named, but not ${missing.join(' and ')}: set all of them, or none`,
    );
  }
  if (project === undefined) {
    throw new UsageError(
      'Say what to act on: --project <id> for a real project, or for emulators that are running ' +
        'FIRESTORE_EMULATOR_HOST=127.0.0.1:8080 FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099',
    );
  }
  if (project.startsWith('demo-')) {
    throw new UsageError(
      `${project} exists on emulators only: set ${Object.keys(hosts).join(' and ')}`,
    );
  }
  const description = `Acting on the REAL project ${project}${mirrored}`;
  return { kind: 'project', projectId, databaseUrl, description };
}
