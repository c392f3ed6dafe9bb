import { z } from 'zod';
import { PROJECT_ID } from '../../../functions/src/operator';
import { parseJsonc } from './parse-json';
import { printable } from './printable';
import type { ReadFile } from './project-files';
import { UsageError } from './usage-error';

/** A project as the Firebase CLI knows it. */
export interface Project {
  readonly projectId: string;
  /** Its name in .firebaserc, if its parameters are in `.env.<alias>`. */
  readonly alias: string | undefined;
}

/** What `--project` of the Firebase CLI has to be, so that it reads the project's parameters. */
export function nameOf({ projectId, alias }: Project): string {
  return alias ?? projectId;
}

const firebaserc = z.object({ projects: z.record(z.string(), z.string()).default({}) });

/** @throws UsageError, because without its aliases another project might be meant. */
function aliasesIn(readFile: ReadFile): ReadonlyMap<string, string> {
  const rc = firebaserc.safeParse(parseJsonc(readFile('.firebaserc') ?? '{}'));
  if (!rc.success) throw new UsageError('.firebaserc is malformed');
  const named = Object.entries(rc.data.projects);
  // No other can be typed, and these names come into messages and commands.
  return new Map(named.filter(([alias]) => alias !== '' && printable(alias) === alias));
}

/**
 * The project that `--project` names, by its id or by its alias in .firebaserc.
 *
 * The Firebase CLI reads `.env.<alias>` only if it is called with the alias. Here an id is enough:
 * an operator means the project as it was deployed.
 *
 * @throws UsageError
 */
export function findProject(name: string, readFile: ReadFile): Project {
  const aliases = aliasesIn(readFile);
  const projectId = aliases.get(name) ?? name;
  if (!PROJECT_ID.test(projectId)) {
    throw new UsageError(`--project: "${projectId}" is not a project id`);
  }
  if (aliases.has(name)) return { projectId, alias: name };
  const hasFile = (suffix: string) => readFile(`functions/.env.${suffix}`) !== undefined;
  if (hasFile(projectId)) return { projectId, alias: undefined };
  const named = [...aliases].flatMap(([alias, id]) =>
    id === projectId && hasFile(alias) ? [alias] : [],
  );
  if (named.length > 1) {
    throw new UsageError(
      `--project: ${projectId} is both ${named.join(' and ')}: name one of them`,
    );
  }
  return { projectId, alias: named[0] };
}

/**
 * The project that the Firebase CLI takes without `--project`; undefined: none.
 *
 * @throws UsageError
 */
export function defaultProject(readFile: ReadFile): Project | undefined {
  const aliases = aliasesIn(readFile);
  const projectId = aliases.size === 1 ? [...aliases.values()][0] : aliases.get('default');
  return projectId === undefined ? undefined : findProject(projectId, readFile);
}

/** The Firebase CLI never calls Google for such a project: it exists in the emulators only. */
export function isDemo({ projectId }: Project): boolean {
  return projectId.startsWith('demo-');
}
