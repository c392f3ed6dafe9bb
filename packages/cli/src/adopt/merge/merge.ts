import { diff3Merge } from 'node-diff3';

/** Lines that both sides changed, differently. Where they are replaced by ours, the next merge is clean. */
export interface Conflict {
  /** The place of the first one in their text, from 0. */
  readonly line: number;
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
}

/** The merged text, or why there is none. */
export type Merged = string | readonly Conflict[];

/** Lines with their ends, so that joining them changes nothing. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/**
 * Merges by lines what two sides made of one text.
 * node-diff3 is the algorithm of Git and Mercurial.
 */
export function mergeText(base: string, theirs: string, ours: string): Merged {
  const regions = diff3Merge(linesOf(theirs), linesOf(base), linesOf(ours), {
    excludeFalseConflicts: true,
  });
  const conflicts = regions.flatMap(({ conflict }) =>
    conflict ? [{ line: conflict.aIndex, theirs: conflict.a, ours: conflict.b }] : [],
  );
  return conflicts.length > 0 ? conflicts : regions.flatMap(({ ok = [] }) => ok).join('');
}
