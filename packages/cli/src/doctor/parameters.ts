import {
  type AuthParameters,
  parseAuthParameters,
  parsePathPrefix,
  Problem,
} from '../../../../functions/src/operator';
import { type Environment, readParameters } from '../parameters';
import { isDemo, type Project } from '../project';
import type { World } from './world';

/** The only secret parameter, from Secret Manager. */
export const SECRET = 'TIKI_CLIENT_SECRET';

/** Stands for the secret where it is not checked. */
const SOME_SECRET = 'not-looked-at';

export type ParsedParameters =
  | { readonly config: AuthParameters }
  /** Names each parameter and what is wrong with it; no values. */
  | { readonly faults: string };

/** One fault a parameter: white space, for example, is also "outside visible ASCII". */
function faultsIn(problem: Problem): string {
  const faults = (problem.extras.operator?.cause ?? problem.code).split('; ');
  const nameIn = (fault: string | undefined) => fault?.split(' ')[0];
  return faults.filter((fault, i) => nameIn(fault) !== nameIn(faults[i - 1])).join('; ');
}

/** With the function's own parser. */
function parse(environment: Environment): ParsedParameters {
  try {
    parsePathPrefix(environment['PATH_PREFIX']);
    return { config: parseAuthParameters(environment) };
  } catch (error) {
    if (error instanceof Problem) return { faults: faultsIn(error) };
    throw error;
  }
}

export function parseParameters(environment: Environment): ParsedParameters {
  return parse({ ...environment, [SECRET]: SOME_SECRET });
}

/** What is wrong with a secret, without quoting it; undefined: nothing. */
export function faultOfSecret(secret: string): string | undefined {
  const parsed = parse({ TIKI_CLIENT_KEY: 'some-key', [SECRET]: secret });
  return 'faults' in parsed ? parsed.faults : undefined;
}

/**
 * What the next deployment to the project will set. `values` is undefined if no file is about the
 * project: the defaults of functions/.env do not count.
 */
export function readProjectParameters({ readFile }: World, project: Project) {
  const parameters = readParameters(project, readFile, { forEmulators: isDemo(project) });
  const isSet = parameters.hasOwn || parameters.values['TIKI_CLIENT_KEY'] !== undefined;
  return { ...parameters, values: isSet ? parameters.values : undefined };
}

/** Where the bridge is on the site, such as `/tiki`; empty: at the root. */
export function pathPrefixOf(world: World, project: Project): '' | `/${string}` {
  const given = readProjectParameters(world, project).values?.['PATH_PREFIX'] ?? '';
  // The functions refuse any other.
  return given.startsWith('/') ? `/${given.slice(1)}` : '';
}
