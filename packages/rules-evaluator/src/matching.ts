import { RuleError, Unsupported } from './failures';
import type { Segment } from './ruleset';
import { isNotGiven, type NotGiven, type Value } from './values';

/**
 * A request's path. `undefined` stands for the unknown document id in a list. A segment that is not given may
 * be any: each pattern matches it.
 */
export type PathSegments = readonly (string | NotGiven | undefined)[];

export type Captures = ReadonlyMap<string, () => Value>;

const isOther = (segment: PathSegments[number], literal: string): boolean =>
  segment !== literal && !isNotGiven(segment);

function captureOne(segment: PathSegments[number]): () => Value {
  return () => {
    // As in the Firestore engine, using the id in a list request is an error.
    if (segment === undefined) throw new RuleError('the id of a document in a list');
    return segment;
  };
}

function captureRest(segments: PathSegments): () => Value {
  return () => {
    const known = segments.filter((segment) => typeof segment === 'string');
    if (segments.includes(undefined)) throw new Unsupported('a path while listing');
    if (known.length < segments.length) throw new Unsupported('a path with an id of any shape');
    return { segments: known };
  };
}

const isGlob = ({ kind }: Segment): boolean => kind === 'glob';

/** The official engine's behaviour for these is undocumented. */
function refuseOddGlobs(patterns: readonly (readonly Segment[])[]): void {
  if (patterns.flat().filter(isGlob).length > 1) {
    throw new Unsupported('two recursive wildcards in one path');
  }
  if (patterns.slice(0, -1).some((outer) => outer.slice(0, -1).some(isGlob))) {
    throw new Unsupported('a match nested in one with a recursive wildcard before its end');
  }
}

/**
 * The captures of nested `match` patterns, outermost first, if together they match the whole request
 * path; otherwise undefined. `{name=**}` matches any number of segments, including none.
 */
export function matchPath(
  patterns: readonly (readonly Segment[])[],
  path: PathSegments,
): Captures | undefined {
  const pattern = patterns.flat();
  const glob = pattern.findIndex(isGlob);
  const head = glob < 0 ? pattern : pattern.slice(0, glob);
  if (head.some(({ kind, name }, i) => kind === 'literal' && isOther(path[i], name)))
    return undefined;
  refuseOddGlobs(patterns);
  const spare = path.length - (pattern.length - (glob < 0 ? 0 : 1));
  if (spare < 0 || (glob < 0 && spare > 0)) return undefined;
  const captures = new Map<string, () => Value>();
  let at = 0;
  for (const { kind, name } of pattern) {
    const taken = path.slice(at, at + (kind === 'glob' ? spare : 1));
    at += taken.length;
    if (kind === 'literal' && isOther(taken[0], name)) return undefined;
    if (kind === 'capture') captures.set(name, captureOne(taken[0]));
    if (kind === 'glob') captures.set(name, captureRest(taken));
  }
  return captures;
}
