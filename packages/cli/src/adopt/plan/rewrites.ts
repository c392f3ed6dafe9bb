import { braceExpand, minimatch } from 'minimatch';
import type { Rewrite } from '../wanted/choices';
import {
  FIREBASE_JSON,
  pathsOfRedirect,
  type Pattern,
  type Site,
  type TheirRewrite,
} from '../project/firebase-json';
import type { Refusal } from '../project/project';

/** As Hosting matches: globs, or regular expressions. @throws SyntaxError for one of RE2 alone */
function matches(path: string, { source, glob = source, regex }: Pattern): boolean {
  if (glob !== undefined) return minimatch(path, glob) || minimatch(path, `/${glob}`);
  return regex !== undefined && new RegExp(regex, 'u').test(path);
}

/** Paths that a glob stands for. */
const samplesOf = (glob: string): readonly string[] =>
  braceExpand(glob).map((each) => each.replaceAll('**', 'some/thing').replaceAll('*', 'some'));

/** Whether a pattern means "everything else" and not the path in particular. */
const isCatchAll = (path: string, theirs: Pattern): boolean =>
  matches(path.replace(/[^/]+/g, 'q-7f3a9'), theirs);

/** Whether either takes a path that the other one is for. */
const overlap = (ours: Rewrite, theirs: Pattern): boolean => {
  const { glob = theirs.source } = theirs;
  return (
    samplesOf(ours.source).some((path) => matches(path, theirs)) ||
    (glob !== undefined && samplesOf(glob).some((path) => minimatch(path, ours.source)))
  );
};

const functionOf = ({ function: to }: TheirRewrite): string | undefined =>
  typeof to === 'object' ? to.functionId : to;

const nameOf = ({ source, glob, regex }: Pattern): string => source ?? glob ?? regex ?? '';

/**
 * The index among a site's rewrites before which ours go: the first one that stands for everything else.
 * None of theirs is moved, and no path of theirs leads elsewhere afterwards.
 *
 * @param written Those of the last time
 */
export function placeOf(
  site: Site,
  ours: readonly Rewrite[],
  written: readonly unknown[],
): number | Refusal {
  const known = [...ours, ...(written as readonly Rewrite[])];
  const isOurs = (theirs: TheirRewrite) =>
    known.some(
      ({ source, function: { functionId } }) =>
        source === theirs.source && functionId === functionOf(theirs),
    );
  const refuse = (why: string): Refusal => ({
    place: FIREBASE_JSON,
    why,
    instead:
      'Put the bridge below a path of its own: --prefix /tiki. Or merge the rewrites by hand, and add ' +
      `--skip hosting:\n${ours.map((each) => JSON.stringify(each)).join(',\n')}`,
  });
  let place = site.rewrites.length;
  try {
    for (const redirect of site.redirects) {
      const ourPath = ours.find((each) => overlap(each, pathsOfRedirect(redirect)));
      if (ourPath) return refuse(`the redirect of ${nameOf(redirect)} takes ${ourPath.source}`);
    }
    for (const [index, theirs] of site.rewrites.entries()) {
      if (isOurs(theirs)) continue;
      const ourPath = ours.find((each) => overlap(each, theirs));
      if (!ourPath) continue;
      const [path = ''] = samplesOf(ourPath.source);
      if (!isCatchAll(path, theirs)) {
        return refuse(`the rewrite of ${nameOf(theirs)} and ${ourPath.source} are the same path`);
      }
      place = Math.min(place, index);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(`a regular expression cannot be compared with our paths: ${reason}`);
  }
  return place;
}
