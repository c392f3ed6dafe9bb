import {
  type AuthParameters,
  parseAuthParameters,
  Problem,
} from '../../../../functions/src/operator';
import { type Environment, readParameters } from '../parameters';
import { isDemo, type Project } from '../target';
import type { World } from './world';

/** The one parameter that is a secret: deployed apart from the others, out of Secret Manager. */
export const SECRET = 'TIKI_CLIENT_SECRET';

/** Well-formed: so that the secret's absence is not reported with every other parameter. */
const SOME_SECRET = 'not-looked-at';

export type ParsedParameters =
  | { readonly config: AuthParameters }
  /** Names each parameter and what is wrong with it; no values. */
  | { readonly faults: string };

/** One fault for each parameter: white space, say, is also "outside visible ASCII". */
function faultsIn(problem: Problem): string {
  const faults = (problem.extras.operator?.cause ?? problem.code).split('; ');
  const nameIn = (fault: string | undefined) => fault?.split(' ')[0];
  return faults.filter((fault, i) => nameIn(fault) !== nameIn(faults[i - 1])).join('; ');
}

/** The function's own parser, so that what passes here passes there. */
function parse(environment: Environment): ParsedParameters {
  try {
    return { config: parseAuthParameters(environment) };
  } catch (error) {
    if (error instanceof Problem) return { faults: faultsIn(error) };
    throw error;
  }
}

export function parseParameters(environment: Environment): ParsedParameters {
  return parse({ ...environment, [SECRET]: SOME_SECRET });
}

/** What is wrong with a secret, without a word of it; undefined: nothing. */
export function faultOfSecret(secret: string): string | undefined {
  const parsed = parse({ TIKI_CLIENT_KEY: 'some-key', [SECRET]: secret });
  return 'faults' in parsed ? parsed.faults : undefined;
}

/**
 * What the next deployment to the project will set. `values` is undefined while the files say nothing
 * of it: the defaults that functions/.env comes with do not count.
 */
export function readProjectParameters({ readFile }: World, project: Project) {
  const parameters = readParameters(project, readFile, { forEmulators: isDemo(project) });
  const isSet = parameters.hasOwn || parameters.values['TIKI_CLIENT_KEY'] !== undefined;
  return { ...parameters, values: isSet ? parameters.values : undefined };
}
