import { diff3Merge } from 'node-diff3';

/** Lines with their ends, so that joining them changes nothing. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/**
 * Merges by lines what two sides made of one text; undefined: both changed the same lines, differently.
 * node-diff3 is the algorithm of Git and Mercurial.
 */
export function mergeText(base: string, theirs: string, ours: string): string | undefined {
  const regions = diff3Merge(linesOf(theirs), linesOf(base), linesOf(ours), {
    excludeFalseConflicts: true,
  });
  const merged = regions.map(({ ok }) => ok?.join(''));
  return merged.includes(undefined) ? undefined : merged.join('');
}
