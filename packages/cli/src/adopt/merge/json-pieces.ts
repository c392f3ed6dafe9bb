import { isDeepStrictEqual } from 'node:util';
import type { JSONPath, Node } from 'jsonc-parser';
import { getNodeValue } from 'jsonc-parser';
import { insertMembers, nodeAt, removeMember, replaceValue } from './json-text';
import type { Json } from './pieces';

/** A three-way merge of one value. Undefined: there is none on that side. */
type Merged = 'keep' | 'write' | 'remove' | 'conflict';

/**
 * @param base What was written the last time
 * @param current What is there
 * @param wanted What is to be there
 */
export function mergeValue(
  base: Json | undefined,
  current: unknown,
  wanted: Json | undefined,
): Merged {
  if (isDeepStrictEqual(current, wanted)) return 'keep';
  if (current === undefined) return 'write';
  // What they changed in it is about something of ours.
  if (wanted === undefined) return base === undefined ? 'keep' : 'remove';
  if (base !== undefined && isDeepStrictEqual(current, base)) return 'write';
  // Changed by them. Where ours did not change, there is nothing to do.
  return isDeepStrictEqual(base, wanted) ? 'keep' : 'conflict';
}

/** What makes an object in an array the same one, whatever else it says. */
function identify(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { codebase, source, collectionGroup, fieldPath, queryScope, fields } = value as Record<
    string,
    unknown
  >;
  if (codebase !== undefined) return JSON.stringify({ codebase });
  if (source !== undefined) return JSON.stringify({ source });
  return JSON.stringify({ collectionGroup, fieldPath, queryScope, fields });
}

export interface MergedText {
  readonly text: string;
  readonly conflicts: readonly Json[];
}

/** The object or array at a path, created with its parents where it is missing. */
function ensure(text: string, path: JSONPath, empty: Json): string {
  if (nodeAt(text, path)) return text;
  const parent = path.slice(0, -1);
  const inParent = ensure(text, parent, {});
  const node = nodeAt(inParent, parent);
  const name = path.at(-1);
  if (node?.type !== 'object' || typeof name !== 'string') return inParent;
  return insertMembers(inParent, node, Infinity, [{ name, value: empty }]);
}

/** `"functions": {…}` as an array with one element, each line of it as it was. */
function wrap(text: string, { offset, length }: Node): string {
  return `${text.slice(0, offset)}[${text.slice(offset, offset + length)}]${text.slice(offset + length)}`;
}

/** Removes a property of an object. */
function removeProperty(text: string, path: JSONPath): string {
  const parent = nodeAt(text, path.slice(0, -1));
  const index = parent?.children?.findIndex(({ children }) => children?.[0]?.value === path.at(-1));
  return parent && index !== undefined && index >= 0 ? removeMember(text, parent, index) : text;
}

/** jsonc-parser makes objects without a prototype, which equal no other ones. */
const valueOf = (node: Node): unknown => JSON.parse(JSON.stringify(getNodeValue(node)));

/** The values at a path; one object stands for an array of it. */
function valuesAt(text: string, path: JSONPath): unknown[] {
  const node = nodeAt(text, path);
  if (!node) return [];
  const value = valueOf(node);
  return Array.isArray(value) ? value : [value];
}

/** Whether an array has an object like this, even if it is not the same in all. */
export const hasItem = (text: string, path: JSONPath, like: Json): boolean =>
  valuesAt(text, path).some((each) => identify(each) === identify(like));

export const isLike = (a: Json, b: Json): boolean => identify(a) === identify(b);

/**
 * Merges objects into an array.
 *
 * @param place The index of the first new one
 * @param before The file before any of ours, if there is a copy: an array that was not there goes again
 */
export function mergeItems(
  text: string,
  path: JSONPath,
  sides: {
    readonly base: readonly Json[];
    readonly wanted: readonly Json[];
    readonly place: number;
  },
  before: string | undefined,
): MergedText {
  const { base, wanted, place } = sides;
  const conflicts: Json[] = [];
  const missing: Json[] = [];
  const find = (values: readonly unknown[], like: Json) =>
    values.findIndex((each) => identify(each) === identify(like));
  let result = text;
  for (const value of wanted) {
    const values = valuesAt(result, path);
    const index = find(values, value);
    switch (mergeValue(base[find(base, value)], values[index], value)) {
      case 'write': {
        const node = nodeAt(result, [...path, index]);
        if (index < 0) missing.push(value);
        else if (node) result = replaceValue(result, node, value);
        break;
      }
      case 'conflict':
        conflicts.push(value);
    }
  }
  let removedBefore = 0;
  for (const value of base.filter((each) => find(wanted, each) < 0)) {
    const values = valuesAt(result, path);
    const index = find(values, value);
    const node = nodeAt(result, path);
    if (index < 0 || node?.type !== 'array') continue;
    result = removeMember(result, node, index);
    if (index < place) removedBefore += 1;
  }
  if (missing.length > 0) {
    result = ensure(result, path, []);
    const single = nodeAt(result, path);
    if (single?.type === 'object') result = wrap(result, single);
    const node = nodeAt(result, path);
    if (node?.type !== 'array') return { text, conflicts: missing };
    const members = missing.map((value) => ({ value }));
    result = insertMembers(result, node, place - removedBefore, members);
  }
  return { text: wanted.length === 0 ? tidy(result, path, before) : result, conflicts };
}

/** After all of ours are out: an array that is there only because of them. */
function tidy(text: string, path: JSONPath, before: string | undefined): string {
  const node = nodeAt(text, path);
  if (before === undefined || node?.type !== 'array') return text;
  const then = nodeAt(before, path);
  const [only, another] = node.children ?? [];
  if (!then && !only) return removeProperty(text, path);
  if (then?.type !== 'object' || !only || another) return text;
  const inside = text.slice(node.offset + 1, node.offset + node.length - 1).trim();
  return text.slice(0, node.offset) + inside + text.slice(node.offset + node.length);
}

/**
 * Merges one value of an object.
 *
 * @param before As of {@link mergeItems}
 */
export function mergeProperty(
  text: string,
  path: readonly string[],
  { base, wanted }: { readonly base: Json | undefined; readonly wanted: Json | undefined },
  before: string | undefined,
): MergedText {
  const node = nodeAt(text, [...path]);
  const current = node && valueOf(node);
  switch (mergeValue(base, current, wanted)) {
    case 'keep':
      return { text, conflicts: [] };
    case 'remove':
      return {
        text: removeEmpty(removeProperty(text, [...path]), path.slice(0, -1), before),
        conflicts: [],
      };
    case 'conflict':
      return { text, conflicts: wanted === undefined ? [] : [wanted] };
    case 'write': {
      if (wanted === undefined) return { text, conflicts: [] };
      if (node) return { text: replaceValue(text, node, wanted), conflicts: [] };
      const parent = path.slice(0, -1);
      const result = ensure(text, parent, {});
      const object = nodeAt(result, parent);
      if (object?.type !== 'object') return { text, conflicts: [wanted] };
      const member = { name: path.at(-1) ?? '', value: wanted };
      return { text: insertMembers(result, object, Infinity, [member]), conflicts: [] };
    }
  }
}

/** Parents that hold nothing any more, and were not there before. */
function removeEmpty(text: string, path: readonly string[], before: string | undefined): string {
  if (path.length === 0 || before === undefined || nodeAt(before, [...path])) return text;
  const node = nodeAt(text, [...path]);
  if (node?.type !== 'object' || (node.children?.length ?? 0) > 0) return text;
  return removeEmpty(removeProperty(text, [...path]), path.slice(0, -1), before);
}
