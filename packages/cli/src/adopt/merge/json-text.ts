import { type JSONPath, type Node, parseTree } from 'jsonc-parser';
import { fitLines, indentAt, layoutOf } from './layout';

/*
 * Additions to and removals from JSON with comments that leave every other byte as it is.
 * jsonc-parser's own `modify` separates the comments of a member from it.
 */

/** A member of an array, or of an object under its name. */
export interface Member {
  readonly name?: string;
  readonly value: unknown;
}

const BLANK = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const COMMENT_TO_END_OF_LINE = /[\t ]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/(?=[\t ]*\r?\n))/y;

/** The end of what a sticky pattern finds at an offset. */
function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return offset + (pattern.exec(text)?.[0].length ?? 0);
}

/** The end of the comma after an offset, if a comma comes next. */
function commaAfter(text: string, offset: number): number | undefined {
  const next = endOf(BLANK, text, offset);
  return text[next] === ',' ? next + 1 : undefined;
}

const splice = (text: string, start: number, end: number, inserted: string): string =>
  text.slice(0, start) + inserted + text.slice(end);

function write({ name, value }: Member): string {
  const json = JSON.stringify(value, undefined, 2);
  return name === undefined ? json : `${JSON.stringify(name)}: ${json}`;
}

/** The value at a path; undefined: there is none. */
export function nodeAt(text: string, path: JSONPath): Node | undefined {
  let node = parseTree(text);
  for (const step of path) {
    node =
      typeof step === 'number'
        ? node?.children?.[step]
        : node?.type === 'object'
          ? node.children?.find(({ children }) => children?.[0]?.value === step)?.children?.[1]
          : undefined;
  }
  return node;
}

/** Adds members to the array or object `node`, before the member with this index. */
export function insertMembers(
  text: string,
  { offset, length, children = [] }: Node,
  index: number,
  members: readonly Member[],
): string {
  if (members.length === 0) return text;
  const layout = layoutOf(text);
  const { eol, unit } = layout;
  const outer = indentAt(text, offset);
  const [first] = children;
  const isOwnLine = first !== undefined && text.slice(offset, first.offset).includes('\n');
  const inner = isOwnLine ? indentAt(text, first.offset) : outer + unit;
  const lines = members.map((member) => fitLines(write(member), layout, inner)).join(`,${eol}`);

  const last = children.at(-1);
  if (index >= children.length) {
    const close = offset + length - 1;
    const end = last ? last.offset + last.length : offset + 1;
    const comma = last && commaAfter(text, end);
    const separated = last && comma === undefined ? splice(text, end, end, ',') : text;
    const shift = separated.length - text.length;
    // After all comments that follow the last member.
    const at = separated.slice(0, close + shift).trimEnd().length;
    return splice(separated, at, close + shift, `${eol}${lines}${eol}${outer}`);
  }
  const previous = children[index - 1];
  const next = children[index];
  const end = previous ? previous.offset + previous.length : offset + 1;
  const after = previous ? (commaAfter(text, end) ?? end) : end;
  const at = endOf(COMMENT_TO_END_OF_LINE, text, after);
  const isNextOnNewLine = text.slice(at, next?.offset).includes('\n');
  return splice(text, at, at, `${eol}${lines},${isNextOnNewLine ? '' : eol + inner}`);
}

/** Removes the member with this index, and the line it leaves empty. */
export function removeMember(text: string, { offset, children = [] }: Node, index: number): string {
  const member = children[index];
  if (!member) return text;
  const previous = children[index - 1];
  const comma = commaAfter(text, member.offset + member.length);
  const end = comma ?? member.offset + member.length;
  const before = text.slice(0, member.offset).trimEnd().length;
  // A comment above it may be about what follows.
  const start = Math.max(before, offset + 1);
  const without = splice(text, start, end, '');
  if (comma !== undefined || !previous) return without;
  const previousEnd = previous.offset + previous.length;
  const previousComma = commaAfter(without, previousEnd);
  return previousComma === undefined
    ? without
    : splice(without, previousEnd, previousComma, without.slice(previousEnd, previousComma - 1));
}

/** Replaces a value. */
export function replaceValue(text: string, { offset, length }: Node, value: unknown): string {
  const [firstLine = '', ...rest] = fitLines(
    JSON.stringify(value, undefined, 2),
    layoutOf(text),
    indentAt(text, offset),
  ).split(/(?<=\n)/);
  return splice(text, offset, offset + length, firstLine.trimStart() + rest.join(''));
}
