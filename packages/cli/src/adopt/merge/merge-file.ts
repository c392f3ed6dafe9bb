import { isDeepStrictEqual } from 'node:util';
import type { JSONPath } from 'jsonc-parser';
import { FIREBASE_JSON, type Found, type Site } from '../project/firebase-json';
import { hasItem, isLike, mergeItems, mergeProperty } from './json-pieces';
import { nodeAt } from './json-text';
import { withEndsOf, withUnixEnds } from './layout';
import { type Conflict, mergeText } from './merge';
import { mergeParameters } from './parameters';
import { type Container, ofKind, type Piece, type PieceOf } from './pieces';
import type { Refusal } from '../project/project';
import {
  emptyRoot,
  emptyRules,
  findBlock,
  findRoot,
  fitInside,
  fitRules,
  insertBlock,
  type RulesService,
} from './rules-file';

/** What merging one file needs to know. */
export interface Sides {
  readonly file: string;
  readonly current: string | undefined;
  /** The file without ours, if there is a copy of it. */
  readonly before: string | undefined;
  /** Of the last time. */
  readonly base: readonly Piece[];
  readonly wanted: readonly Piece[];
}

export interface Context {
  readonly site: Found<Site> | undefined;
  /** The index of the first of our rewrites. */
  readonly place: number;
  /** What goes into the blocks of rules files. */
  readonly rules: Readonly<Record<RulesService, string>>;
  /** What of a project is the bridge's. */
  readonly places: Readonly<Record<RulesService, readonly string[]>>;
}

export interface MergedFile {
  readonly text: string | undefined;
  /** The pieces as they were written. */
  readonly pieces: readonly Piece[];
  readonly refusals: readonly Refusal[];
}

const CHANGED = 'both you and the new version changed it';
const AND_AGAIN = 'Run this again, then redo your change';

/** @param before The text before the one that was merged, in the same file */
function conflicting(file: string, conflicts: readonly Conflict[], before = ''): Refusal {
  const first = before.split('\n').length;
  const marked = (sign: string, lines: readonly string[]) =>
    lines.map((line) => `${sign} ${line.replace(/\r?\n$/, '')}\n`).join('');
  const shown = conflicts.map(
    ({ line, theirs, ours }) =>
      `from line ${first + line}\n${marked('-', theirs)}${marked('+', ours)}`,
  );
  return {
    place: file,
    why: CHANGED,
    instead: `Replace your lines (-) with the new ones (+). ${AND_AGAIN}:\n\n${shown.join('\n')}`,
  };
}

function pathOf(container: Container, { site }: Context): JSONPath {
  if (container === 'rewrites') return [...(site?.at ?? ['hosting']), 'rewrites'];
  return [container];
}

/** Something that was there before, just as we want it, is theirs: it stays when ours go. */
function isTheirs(piece: Piece, { current = '{}', base }: Sides, context: Context): boolean {
  switch (piece.kind) {
    case 'item': {
      const { container, value } = piece;
      const isKnown = ofKind(base, 'item').some(
        (each) => each.container === container && isLike(each.value, value),
      );
      return !isKnown && hasItem(current, pathOf(container, context), value);
    }
    case 'property':
      return (
        nodeAt(current, [...piece.path]) !== undefined &&
        !ofKind(base, 'property').some(({ path }) => isDeepStrictEqual(path, piece.path))
      );
    default:
      return false;
  }
}

/**
 * A `$wildcard` of theirs beside our nodes of the Realtime Database: it prefers names to wildcards, so what
 * they have under our names would follow our rules from then on.
 */
function hiddenNodes({ file, current = '{}', base, wanted }: Sides): readonly Refusal[] {
  const nodes = ofKind(wanted, 'property').filter(({ path }) => path[0] === 'rules');
  const isNew = ofKind(base, 'property').length === 0;
  const members = nodeAt(current, ['rules'])?.children ?? [];
  const names = members.map(({ children }) => String(children?.[0]?.value));
  const wildcard = names.find((name) => name.startsWith('$'));
  if (nodes.length === 0 || !isNew || wildcard === undefined) return [];
  const ours = Object.fromEntries(nodes.map(({ path, value }) => [path.at(-1) ?? '', value]));
  return [
    {
      place: file,
      why: `its "rules/${wildcard}" is also for ${Object.keys(ours).join(', ')}, which ours would hide`,
      instead:
        `If you have nothing of these names, paste this beside it, and add --skip database:\n` +
        JSON.stringify(ours, undefined, 2),
    },
  ];
}

function mergeJson(sides: Sides, context: Context): MergedFile {
  const { file, before, base, wanted } = sides;
  const refusals: Refusal[] = [];
  const remedy = base.length > 0 ? `Put this in place of yours. ${AND_AGAIN}:\n` : '';
  let text = sides.current ?? '{\n}\n';
  const containers = new Set(
    ofKind([...base, ...wanted], 'item').map(({ container }) => container),
  );
  for (const container of containers) {
    const valuesIn = (pieces: readonly Piece[]) =>
      ofKind(pieces, 'item').flatMap((each) => (each.container === container ? [each.value] : []));
    const place = container === 'rewrites' ? context.place : Infinity;
    const merged = mergeItems(
      text,
      pathOf(container, context),
      { base: valuesIn(base), wanted: valuesIn(wanted), place },
      before,
    );
    text = merged.text;
    refusals.push(
      ...merged.conflicts.map((value) => ({
        place: file,
        why: base.length > 0 ? CHANGED : `"${container}" has another entry for the same`,
        instead: `${remedy}In "${container}":\n${JSON.stringify(value, undefined, 2)}`,
      })),
    );
  }
  refusals.push(...hiddenNodes(sides));
  const properties = ofKind([...base, ...wanted], 'property').map(({ path }) => path);
  for (const key of new Set(properties.map((path) => JSON.stringify(path)))) {
    const valueIn = (pieces: readonly Piece[]) =>
      ofKind(pieces, 'property').find(({ path }) => JSON.stringify(path) === key)?.value;
    // Made by JSON.stringify above.
    const path = JSON.parse(key) as string[];
    const merged = mergeProperty(
      text,
      path,
      { base: valueIn(base), wanted: valueIn(wanted) },
      before,
    );
    text = merged.text;
    refusals.push(
      ...merged.conflicts.map((value) => ({
        place: file,
        why: base.length > 0 ? CHANGED : `it has a "${path.join('/')}" of its own`,
        instead: `${remedy}"${path.join('/')}": ${JSON.stringify(value, undefined, 2)}`,
      })),
    );
  }
  const pieces = wanted.filter((piece) => !isTheirs(piece, sides, context));
  return { text, pieces, refusals };
}

/** Whether a match is of this place in particular, so that both would keep different things in it. */
const names = (path: readonly string[], place: string): boolean =>
  place.split('/').every((segment, index) => segment.startsWith('{') || segment === path[index]);

function mergeBlock(
  { file, current, base }: Sides,
  wanted: PieceOf<'block'> | undefined,
  service: RulesService,
  context: Context,
): MergedFile {
  const ours = context.rules[service];
  const refused = (refusal: Refusal): MergedFile => ({
    text: current,
    pieces: [],
    refusals: [refusal],
  });
  const failed = (why: string) => {
    const instead = `Merge this by hand, and add --skip ${service}:\n\n${ours}\n`;
    return refused({ place: file, why, instead });
  };
  const text = current ?? emptyRules(service);
  const block = findBlock(text);
  if (typeof block === 'string') {
    const instead = 'Delete these lines and everything between them, then run this again';
    return refused({ place: file, why: block, instead });
  }
  const without = block ? text.slice(0, block.start) + text.slice(block.end) : text;
  const isEmpty = without === emptyRules(service);
  if (!wanted) return { text: isEmpty ? undefined : without, pieces: [], refusals: [] };
  const root = isEmpty ? emptyRoot(service) : findRoot(without, service);
  if (typeof root === 'string') return failed(root);
  const same = context.places[service].filter((place) =>
    root.paths.some((path) => names(path, place)),
  );
  if (same.length > 0) return failed(`it has a match /${same.join(' and /')} of its own`);
  const fitted = fitRules(ours, root);
  const inside = fitInside(without, root, fitted);
  const pieces = [{ ...wanted, text: withUnixEnds(inside) }];
  if (!block) return { text: insertBlock(without, root, fitted), pieces, refusals: [] };
  const { start, end } = block.inside;
  const written = withEndsOf(text, ofKind(base, 'block')[0]?.text ?? inside);
  const merged = mergeText(written, text.slice(start, end), inside);
  if (typeof merged !== 'string') {
    return refused(conflicting(file, merged, text.slice(0, start)));
  }
  return { text: text.slice(0, start) + merged + text.slice(end), pieces, refusals: [] };
}

function mergeWhole(
  { file, current }: Sides,
  base: string | undefined,
  wanted: PieceOf<'text'> | undefined,
): MergedFile {
  if (!wanted) return { text: undefined, pieces: [], refusals: [] };
  if (current === undefined) return { text: wanted.text, pieces: [wanted], refusals: [] };
  const like = (text: string) => withEndsOf(current, text);
  const merge = file.endsWith('/.env') ? mergeParameters : mergeText;
  const merged =
    base === undefined ? like(wanted.text) : merge(like(base), current, like(wanted.text));
  if (typeof merged === 'string') return { text: merged, pieces: [wanted], refusals: [] };
  return { text: current, pieces: [wanted], refusals: [conflicting(file, merged)] };
}

/** Three-way merge of what was written, what is there, and what is wanted: for one file. */
export function mergeFile(sides: Sides, context: Context): MergedFile {
  const { file, base, wanted } = sides;
  const [block] = ofKind([...wanted, ...base], 'block');
  if (block) return mergeBlock(sides, ofKind(wanted, 'block')[0], block.service, context);
  const [text] = ofKind([...wanted, ...base], 'text');
  if (text) return mergeWhole(sides, ofKind(base, 'text')[0]?.text, ofKind(wanted, 'text')[0]);
  const isMissing = sides.current === undefined && file !== FIREBASE_JSON && wanted.length === 0;
  return isMissing ? { text: undefined, pieces: [], refusals: [] } : mergeJson(sides, context);
}
