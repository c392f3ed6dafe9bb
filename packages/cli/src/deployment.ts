import path from 'node:path';
import { z } from 'zod';
import {
  AS_HERE,
  asCodebase,
  asDeployed,
  asKit,
  type DeployedAs,
} from '../../../functions/src/operator';
import { parseJsonc } from './parse-json';
import {
  IS_CHECKOUT,
  listFiles as listAll,
  readFile as readAny,
  type ReadFile,
} from './project-files';

const PACKAGE = 'tiki-firebase-bridge';
/**
 * Under which the functions are exported where a project has functions of their names: they are then
 * called `tikiBridge-auth`.
 */
export const GROUP = 'tikiBridge';
/** Where functions/src/functions.ts puts all functions. */
export const DEFAULT_REGION = 'asia-southeast1';

const source = z.object({
  source: z.string().optional(),
  remoteSource: z.unknown().optional(),
  codebase: z.string().default('default'),
  prefix: z.string().optional(),
  configDir: z.string().optional(),
  kit: z.string().optional(),
  instances: z.record(z.string(), z.string()).optional(),
});
const firebaseJson = z.object({
  functions: z.union([z.array(source), source.transform((only) => [only])]).default([]),
});

const manifest = z.object({
  name: z.string().optional(),
  main: z.string().default('index.js'),
  dependencies: z.record(z.string(), z.unknown()).default({}),
});

/** Like the Firebase CLI, which gives the first codebase without a source the folder `functions`. */
export function withDefaultSource<
  T extends { readonly source?: string | undefined; readonly remoteSource?: unknown },
>(codebases: readonly T[]): readonly T[] {
  const first = codebases.find(
    (each) => each.source === undefined && each.remoteSource === undefined,
  );
  return codebases.map((each) => (each === first ? { ...each, source: 'functions' } : each));
}

/** package.json of a codebase, if the bridge is in it. */
function bridgeIn(folder: string, readFile: ReadFile) {
  const text = readFile(path.posix.join(folder, 'package.json'));
  if (text === undefined) return undefined;
  const { data } = manifest.safeParse(parseJsonc(text));
  return data && (data.name === PACKAGE || PACKAGE in data.dependencies) ? data : undefined;
}

/** Where no bridge is found: in a checkout as it does, elsewhere as `init` would. */
const assumed = (isCheckout: boolean): DeployedAs =>
  isCheckout ? AS_HERE : { ...asCodebase(AS_HERE.codebase), installedIn: AS_HERE.codebase };

/** How the project of firebase.json deploys the bridge: the first codebase or kit that has it. */
export function findDeployment(readFile: ReadFile, isCheckout = IS_CHECKOUT): DeployedAs {
  const { data } = firebaseJson.safeParse(parseJsonc(readFile('firebase.json') ?? '{}'));
  for (const { source: folder, ...entry } of withDefaultSource(data?.functions ?? [])) {
    const found = folder === undefined ? undefined : bridgeIn(folder, readFile);
    if (folder === undefined || found === undefined) continue;
    const [instance] = Object.entries(entry.instances ?? {});
    if (entry.kit !== undefined && instance !== undefined) {
      return { ...asKit(instance[0], entry.kit), folder: instance[1], installedIn: folder };
    }
    const main = readFile(path.posix.join(folder, found.main)) ?? '';
    const group = new RegExp(String.raw`\b${GROUP}\b`).test(main) ? `${GROUP}-` : '';
    return {
      ...AS_HERE,
      codebase: entry.codebase,
      functionPrefix: (entry.prefix ? `${entry.prefix}-` : '') + group,
      folder: entry.configDir ?? folder,
      installedIn: found.name === PACKAGE ? undefined : folder,
    };
  }
  return assumed(isCheckout);
}

/** Reads the parameters where they are, for those who ask for `functions/.env`. */
export function withParametersIn({ folder }: DeployedAs, readFile: ReadFile): ReadFile {
  return (file) => readFile(file.replace(/^functions\/(?=\.env)/, `${folder}/`));
}

/** A file of the project; `functions/.env*` from where this project has its parameters. */
export const readFile: ReadFile = (file) =>
  withParametersIn(findDeployment(readAny), readAny)(file);

/** Names of the files in a folder of the project; for `functions`, where its parameters are. */
export const listFiles = (folder: string): readonly string[] =>
  listAll(folder === 'functions' ? findDeployment(readAny).folder : folder);

let ours: DeployedAs | undefined;

/** A text for people, with the names of this project's deployment in the commands that it has. */
export function named(text: string): string {
  ours ??= findDeployment(readAny);
  return asDeployed(text, ours);
}
