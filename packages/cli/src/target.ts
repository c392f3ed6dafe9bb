import { PROJECT_ID as DEMO_PROJECT } from '@tiki-bridge/testing/emulators/project-files';
import { hostAndPort } from '../../../functions/src/operator';
import { findProject, isDemo, type Project } from './project';
import { readParameters } from './parameters';
import type { ReadFile } from './project-files';
import { UsageError } from './usage-error';

/**
 * Bound of one call to Google, ms. Longer than in a request: the first call of a new process may
 * take several seconds, and an operator would only run the command again.
 */
export const CALL_TIMEOUT_MS = 30_000;
/** Bound of each of the doctor's requests, ms. They are many, and an unanswered one is a finding. */
export const CHECK_TIMEOUT_MS = 10_000;

/** What a command acts on. */
export interface Target extends Project {
  readonly kind: 'emulators' | 'project';
  /** Addresses of the emulators, `host:port`, Firestore first. */
  readonly hosts: readonly string[];
  /** Of the Realtime Database that mirrors premiumUntil, as the deployed functions know it. */
  readonly databaseUrl: string | undefined;
  /** One line for people. */
  readonly description: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const FIRESTORE = 'FIRESTORE_EMULATOR_HOST';
const AUTH = 'FIREBASE_AUTH_EMULATOR_HOST';
const DATABASE = 'FIREBASE_DATABASE_EMULATOR_HOST';

function databaseUrlOf(project: Project, readFile: ReadFile, forEmulators: boolean) {
  const { values, fault } = readParameters(project, readFile, { forEmulators });
  if (fault !== undefined) throw new UsageError(`The Firebase CLI would refuse ${fault}`);
  // The variable is empty if there is no mirror.
  return values['PREMIUM_DATABASE_URL'] || undefined;
}

function hostIn(variable: string, env: Environment): string {
  const host = hostAndPort.safeParse(env[variable]);
  if (host.success) return host.data;
  throw new UsageError(`${variable} must be host:port, such as 127.0.0.1:8080, without a scheme`);
}

/**
 * The emulators if the environment names them, a real project only if `--project` names one. Never a
 * mix, which would write a document to one and an account to the other.
 *
 * @throws UsageError
 */
export function chooseTarget(
  name: string | undefined,
  env: Environment,
  readFile: ReadFile,
): Target {
  const project = findProject(name ?? DEMO_PROJECT, readFile);
  const { projectId } = project;
  const forEmulators = Boolean(env[FIRESTORE] ?? env[AUTH]);
  const databaseUrl = databaseUrlOf(project, readFile, forEmulators);
  const variables = [FIRESTORE, AUTH, ...(databaseUrl === undefined ? [] : [DATABASE])];
  const missing = variables.filter((variable) => !env[variable]);
  const mirrored = databaseUrl === undefined ? '' : `, mirrored to ${databaseUrl}`;
  if (missing.length === 0) {
    const hosts = variables.map((variable) => hostIn(variable, env));
    const description = `Acting on the emulators at ${hosts.join(', ')} (project ${projectId})${mirrored}`;
    return { ...project, kind: 'emulators', hosts, databaseUrl, description };
  }
  if (missing.length < variables.length) {
    throw new UsageError(
      `Some emulators are named, but not ${missing.join(' and ')}: set all of them, or none`,
    );
  }
  if (name === undefined) {
    throw new UsageError(
      'Name a target: --project <id> for a real project, or start emulators (npm start); for others ' +
        `set ${FIRESTORE}=127.0.0.1:8080 ${AUTH}=127.0.0.1:9099`,
    );
  }
  if (isDemo(project)) {
    throw new UsageError(
      `${projectId} exists in the emulators only: set ${variables.join(' and ')}`,
    );
  }
  const description = `Acting on the REAL project ${projectId}${mirrored}`;
  return { ...project, kind: 'project', hosts: [], databaseUrl, description };
}
