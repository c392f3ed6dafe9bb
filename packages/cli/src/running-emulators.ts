import { lstatSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { announcementFile } from '@tiki-bridge/testing/emulators/announcement';
import { PROJECT_ID as DEMO_PROJECT } from '@tiki-bridge/testing/emulators/project-files';
import { z } from 'zod';
import { hostAndPort, LOOPBACK_HOSTS } from '../../../functions/src/operator';
import { parseJson } from './parse-json';
import { findProject, isDemo } from './project';
import type { ReadFile } from './project-files';
import { UsageError } from './usage-error';

type Environment = Record<string, string | undefined>;

/** The hub answers from memory. In ms. */
const HUB_TIMEOUT_MS = 2_000;

/** The folder of these files is everybody's: no other address is taken from them. */
const loopback = hostAndPort.refine((host) =>
  LOOPBACK_HOSTS.has(new URL(`http://${host}`).hostname),
);

const announcement = z.object({
  pid: z.number().int().positive(),
  emulators: z.object({
    FIREBASE_AUTH_EMULATOR_HOST: loopback.optional(),
    FIRESTORE_EMULATOR_HOST: loopback.optional(),
    FIREBASE_DATABASE_EMULATOR_HOST: loopback.optional(),
  }),
});
export type RunningEmulators = z.output<typeof announcement>['emulators'];

/**
 * Only a regular file of this user: in a shared folder, another user could name emulators of their
 * own, or put a pipe there that is never written to. Undefined for any other.
 */
function readOwnJson(file: string): unknown {
  const found = lstatSync(file, { throwIfNoEntry: false });
  // Windows has no such ids, and its temporary folder is each user's own.
  const isOwn = found?.uid === (process.getuid?.() ?? found?.uid);
  return found?.isFile() && isOwn ? parseJson(readFileSync(file, 'utf8')) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // Also for a process of another user, who has got the number since: the files are this user's.
    return false;
  }
}

function ofNpmStart(): RunningEmulators | undefined {
  const { data } = announcement.safeParse(readOwnJson(announcementFile()));
  return data && isAlive(data.pid) ? data.emulators : undefined;
}

const locator = z.object({ origins: z.array(z.string()), pid: z.number().int().positive() });
const listening = z
  .object({ host: z.string(), port: z.number() })
  .transform(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
  .pipe(loopback)
  .optional();
const inventory = z
  .object({ auth: listening, firestore: listening, database: listening })
  .transform(({ auth, firestore, database }) => ({
    FIREBASE_AUTH_EMULATOR_HOST: auth,
    FIRESTORE_EMULATOR_HOST: firestore,
    FIREBASE_DATABASE_EMULATOR_HOST: database,
  }));

async function askHub(origin: string): Promise<RunningEmulators | undefined> {
  if (!loopback.safeParse(origin.replace(/^http:\/\//, '')).success) return undefined;
  try {
    const signal = AbortSignal.timeout(HUB_TIMEOUT_MS);
    const answer = await fetch(`${origin}/emulators`, { signal, redirect: 'error' });
    return inventory.safeParse(await answer.json()).data;
  } catch {
    return undefined;
  }
}

/** Of `firebase emulators:start`: see EmulatorHub in firebase-tools/src/emulator/hub.ts. */
async function ofFirebaseCli(projectId: string): Promise<RunningEmulators | undefined> {
  const file = path.join(os.tmpdir(), `hub-${projectId}.json`);
  const { data } = locator.safeParse(readOwnJson(file));
  if (!data || !isAlive(data.pid)) return undefined;
  for (const origin of data.origins) {
    const found = await askHub(origin);
    if (found) return found;
  }
  return undefined;
}

/** What is missing, and what to do about it. */
function lackOf({ FIRESTORE_EMULATOR_HOST }: RunningEmulators): string {
  return FIRESTORE_EMULATOR_HOST
    ? 'Auth. Start them again with it: npm start, or firebase emulators:start --only auth,firestore'
    : 'Firestore. To install it: npx firebase setup:emulators:firestore; then npm start, with it';
}

/**
 * Names the emulators that run on this machine in the environment, from which Google's clients read
 * them. Does nothing for a real project, or if the environment names any emulator itself.
 *
 * @param name As `--project` has it.
 * @throws UsageError if they lack one that is needed.
 */
export async function adoptEmulators(
  name: string | undefined,
  env: Environment,
  readFile: ReadFile,
): Promise<void> {
  const project = findProject(name ?? DEMO_PROJECT, readFile);
  const { projectId } = project;
  const variables = Object.keys(announcement.shape.emulators.shape);
  if (!isDemo(project) || variables.some((variable) => env[variable])) return;
  const own = projectId === DEMO_PROJECT ? ofNpmStart() : undefined;
  const found = own ?? (await ofFirebaseCli(projectId));
  if (!found) return;
  if (!found.FIRESTORE_EMULATOR_HOST || !found.FIREBASE_AUTH_EMULATOR_HOST) {
    throw new UsageError(`The emulators that run for ${projectId} do not include ${lackOf(found)}`);
  }
  // Assigning undefined would name a host "undefined".
  for (const [variable, host] of Object.entries(found)) if (host) env[variable] = host;
}
