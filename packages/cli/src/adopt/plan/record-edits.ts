import { isDeepStrictEqual } from 'node:util';
import { withUnixEnds } from '../merge/layout';
import type { MergedFile } from '../merge/merge-file';
import type { Piece } from '../merge/pieces';
import { isInFolder } from './plan';
import { type Edit, RECORD_FILE, type ReadText } from '../project/project';
import { backupOf, hashOf, printRecord, type Written } from './record';

type After = Written['after'];

/**
 * The record of what is written, and copies of files as they were before ours.
 *
 * @returns Edits before all others, and after them. In between, the record has what was there and what
 *   will be: after a crash, either may be in a file.
 */
export function recordEdits(
  read: ReadText,
  last: Written | undefined,
  next: Omit<Written, 'after' | 'pieces'>,
  merged: ReadonlyMap<string, MergedFile>,
): readonly [readonly Edit[], readonly Edit[]] {
  const base = last?.pieces ?? [];
  const pieces = [...merged.values()].flatMap((each) => each.pieces);
  const [meanwhile, after]: [After, After] = [{}, {}];
  const copies: Edit[] = [];
  const needless: Edit[] = [];
  for (const [file, { text, pieces: inFile }] of merged) {
    if (isInFolder(file)) continue;
    const [current, copy] = [read(file), read(backupOf(file))];
    const known = last?.after[file];
    if (inFile.length === 0) {
      // All of ours goes out of it, as when `--skip` is added later.
      if (known) meanwhile[file] = known;
      needless.push({ path: backupOf(file), before: copy, after: undefined });
      continue;
    }
    if (!known) copies.push({ path: backupOf(file), before: copy, after: current });
    const { existed, sha256 } = known ?? { existed: current !== undefined, sha256: [] };
    // Of a file that somebody has changed meanwhile, the copy is no more than a copy.
    const isExact = !known || sha256.includes(hashOf(current)) || copy === current;
    const exact = isExact ? [hashOf(text)] : [];
    meanwhile[file] = { existed, sha256: [...new Set([...sha256, ...exact])] };
    after[file] = { existed, sha256: !isExact && text === current ? sha256 : exact };
  }
  const isNew = (piece: Piece) => !base.some((each) => isDeepStrictEqual(each, piece));
  const both = [...base, ...pieces.filter(isNew)];
  const before = read(RECORD_FILE);
  const edit = (then: Pick<Written, 'pieces' | 'after'>): Edit => {
    const record = printRecord({ ...next, ...then });
    // A clone may have other ends of lines.
    const isSame = before !== undefined && withUnixEnds(before) === record;
    return { path: RECORD_FILE, before, after: isSame ? before : record };
  };
  const final = edit({ pieces, after });
  const interim = edit({ pieces: both, after: meanwhile });
  if (final.before === final.after) return [copies, needless];
  if (interim.after === final.after) return [[...copies, final], needless];
  return [
    [...copies, interim],
    [...needless, final],
  ];
}
