import path from 'node:path';
import { z } from 'zod';
import { AS_HERE, asKit, type DeployedAs } from '../../../functions/src/operator';
import { parseFirebaseFile } from './parse-json';
import { listFiles as listAll, readFile as readAny, type ReadFile } from './project-files';

const PACKAGE = 'tiki-firebase-bridge';
/** Under which the functions are exported where a project has functions of their names. */
const GROUP = 'tikiBridge';

const source = z.object({
  source: z.string().optional(),
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

/** package.json of a codebase, if the bridge is in it. */
function bridgeIn(folder: string, readFile: ReadFile) {
  const text = readFile(path.posix.join(folder, 'package.json'));
  if (text === undefined) return undefined;
  const { data } = manifest.safeParse(parseFirebaseFile(text));
  return data && (data.name === PACKAGE || PACKAGE in data.dependencies) ? data : undefined;
}

/**
 * How the project of firebase.json deploys the bridge: the first codebase or kit that has it. Without
 * one, as this repository does.
 */
export function findDeployment(readFile: ReadFile): DeployedAs {
  const { data } = firebaseJson.safeParse(parseFirebaseFile(readFile('firebase.json') ?? '{}'));
  for (const { source: folder, ...entry } of data?.functions ?? []) {
    const found = folder === undefined ? undefined : bridgeIn(folder, readFile);
    if (folder === undefined || found === undefined) continue;
    const [instance] = Object.entries(entry.instances ?? {});
    if (entry.kit !== undefined && instance !== undefined) {
      return { ...asKit(instance[0], entry.kit), folder: instance[1] };
    }
    const main = readFile(path.posix.join(folder, found.main)) ?? '';
    const group = new RegExp(String.raw`\b${GROUP}\b`).test(main) ? `${GROUP}-` : '';
    return {
      ...AS_HERE,
      codebase: entry.codebase,
      functionPrefix: (entry.prefix ? `${entry.prefix}-` : '') + group,
      folder: entry.configDir ?? folder,
    };
  }
  return AS_HERE;
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
