import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BridgePorts } from './addresses';
import { formatDotenv } from './dotenv';
import { LOOPBACK } from './ports';
import { PROJECT_ID, PROJECT_ROOT, readDemoParameters, readFirebaseJson } from './project-files';

/** A temporary copy of the project for firebase-tools. */
export interface Staging {
  readonly folder: string;
  /** A home folder without logins or credentials, for firebase-tools and the functions. */
  readonly home: string;
  readonly publicFolder: string;
}

/**
 * A project of somebody who uses the bridge, with its own Hosting site. It shares the bridge's
 * emulators, because Hosting's emulator reaches only functions of its own process.
 */
export interface Companion {
  /** Its name among the emulated codebases and sites. */
  readonly name: string;
  /** With a firebase.json for one codebase and one site, and all that it names already built. */
  readonly folder: string;
  /** Its packages, as node_modules/ of its functions. */
  readonly nodeModules: string;
  /** Parameters of its functions. */
  readonly env: Readonly<Record<string, string>>;
}

export interface StagedSettings {
  readonly companion?: Companion;
  readonly ports: BridgePorts;
  readonly emulatorUi: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

const RULES_FILES = ['firestore.rules', 'database.rules.json', 'storage.rules'];
const functionsFolder = path.join(PROJECT_ROOT, 'functions');

/** What is sold in the emulators: the documented example, under a name that deployments use. */
export const STAGED_PLANS = 'plans.json';

/** The project's firebase.json with other ports, reduced to what the emulators read. */
function stagedFirebaseJson({ ports, emulatorUi, companion }: StagedSettings): string {
  const { auth, functions, hosting, ui, internal } = ports;
  const project = readFirebaseJson();
  const site = { ...project.hosting, public: 'public' };
  const beside = companion && companionFirebaseJson(companion);
  const at = (port: number) => ({ host: LOOPBACK, port });
  return JSON.stringify({
    functions: [
      ...project.functions.map(({ runtime, codebase }) => ({
        source: 'functions',
        codebase,
        runtime,
      })),
      ...(beside ? [beside.functions] : []),
    ],
    hosting: beside ? [{ ...site, site: PROJECT_ID }, beside.hosting] : site,
    emulators: {
      singleProjectMode: true,
      ui: { enabled: emulatorUi, ...at(ui) },
      auth: at(auth),
      functions: at(functions),
      hosting: at(hosting),
      hub: at(internal.hub),
      logging: at(internal.logging),
      eventarc: at(internal.eventarc),
      tasks: at(internal.tasks),
    },
  });
}

/** The companion's firebase.json, with its paths below the staging folder. */
function companionFirebaseJson({ name, folder }: Companion) {
  const { functions, hosting } = readFirebaseJson(folder);
  const [codebase] = functions;
  if (codebase === undefined) throw new Error(`${folder}/firebase.json has no functions`);
  return {
    functions: {
      source: path.posix.join(name, codebase.source),
      codebase: codebase.codebase,
      runtime: codebase.runtime,
    },
    hosting: { ...hosting, site: name, public: path.posix.join(name, hosting.public) },
  };
}

/**
 * Copies functions/lib into the staging folder. Not a link, because a build removes lib/ first: the
 * emulator would lose the link's target, and tests would see a partial build.
 */
export async function copyBuiltFunctions({ folder }: Staging): Promise<void> {
  const built = path.join(functionsFolder, 'lib');
  if (!existsSync(path.join(built, 'index.js'))) {
    throw new Error('The functions are not built: run "npm run build" first.');
  }
  await cp(built, path.join(folder, 'functions', 'lib'), { recursive: true });
}

async function stageFunctions(staging: Staging, settings: StagedSettings): Promise<void> {
  const target = path.join(staging.folder, 'functions');
  await mkdir(target);
  await copyBuiltFunctions(staging);
  await cp(path.join(functionsFolder, 'package.json'), path.join(target, 'package.json'));
  await cp(path.join(functionsFolder, 'plans.example.json'), path.join(target, STAGED_PLANS));
  const packages = path.join(functionsFolder, 'node_modules');
  // On Windows a junction needs no administrator rights; elsewhere the type is ignored.
  await symlink(packages, path.join(target, 'node_modules'), 'junction');
  const parameters = { ...readDemoParameters(), ...settings.parameters };
  await writeFile(path.join(target, `.env.${PROJECT_ID}`), formatDotenv(parameters));
  await writeFile(path.join(target, '.secret.local'), formatDotenv(settings.secrets));
}

async function stageCompanion(
  { folder }: Staging,
  { name, folder: source, nodeModules, env }: Companion,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const target = path.join(folder, name);
  await cp(source, target, { recursive: true });
  const [codebase] = readFirebaseJson(source).functions;
  const functions = path.join(target, codebase?.source ?? '');
  await symlink(nodeModules, path.join(functions, 'node_modules'), 'junction');
  await writeFile(path.join(functions, `.env.${PROJECT_ID}`), formatDotenv(env));
  await writeFile(path.join(functions, '.secret.local'), formatDotenv(secrets));
}

async function stageHosting({ publicFolder }: Staging): Promise<void> {
  const source = path.join(PROJECT_ROOT, readFirebaseJson().hosting.public);
  await cp(source, publicFolder, { recursive: true });
}

/** The caller removes `folder`. */
export async function createStaging(): Promise<Staging> {
  // The real path: on macOS the temporary folder is behind a link, which breaks file watchers.
  const folder = await mkdtemp(path.join(realpathSync(os.tmpdir()), 'tiki-bridge-'));
  const home = path.join(folder, 'home');
  await mkdir(home);
  return { folder, home, publicFolder: path.join(folder, 'public') };
}

export async function fillStaging(staging: Staging, settings: StagedSettings): Promise<void> {
  await writeFile(path.join(staging.folder, 'firebase.json'), stagedFirebaseJson(settings));
  for (const name of RULES_FILES.filter((file) => existsSync(path.join(PROJECT_ROOT, file)))) {
    await cp(path.join(PROJECT_ROOT, name), path.join(staging.folder, name));
  }
  await stageFunctions(staging, settings);
  await stageHosting(staging);
  const { companion, secrets } = settings;
  if (companion)
    await stageCompanion(staging, companion, { SESSION_KEYS: secrets['SESSION_KEYS'] ?? '' });
}
