import { createTwoFilesPatch, structuredPatch } from 'diff';
import colors from 'picocolors';
import { printable } from '../printable';
import { type Edit, RECORD_FOLDER, type Refusal } from './project/project';

/** Text of files for a terminal, with its lines and indentation. */
export const shown = (text: string): string =>
  text
    .split('\n')
    .map((line) => printable(line.replace(/\r$/, '').replaceAll('\t', '    ')))
    .join('\n');

function colour(line: string): string {
  if (line.startsWith('+')) return colors.green(line);
  if (line.startsWith('-')) return colors.red(line);
  return line.startsWith('@@') ? colors.cyan(line) : line;
}

function diffOf({ path, before, after }: Edit): string {
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : path,
    after === undefined ? '/dev/null' : path,
    before ?? '',
    after ?? '',
    '',
    '',
    { context: 3 },
  );
  const lines = shown(patch)
    .trimEnd()
    .split('\n')
    .filter((line) => !/^(Index: .*|=+)$/.test(line));
  return lines.map(colour).join('\n');
}

const isRecord = ({ path }: Edit): boolean => path.startsWith(`${RECORD_FOLDER}/`);

/** All changes as a unified diff, except for the copies that only `update` and `remove` read. */
export function describeEdits(edits: readonly Edit[]): string {
  const shownEdits = edits.filter((edit) => !isRecord(edit)).map(diffOf);
  const records = edits.filter(isRecord).length;
  if (records > 0)
    shownEdits.push(`and ${records} files in ${RECORD_FOLDER}/, for update and remove`);
  return shownEdits.join('\n\n');
}

/** What a diff of many lines comes to: each file, with how many lines come and go. */
export function summaryOf(edits: readonly Edit[]): string {
  const files = edits.flatMap((edit) => {
    if (isRecord(edit)) return [];
    const { path, before = '', after = '' } = edit;
    const lines = structuredPatch(path, path, before, after).hunks.flatMap((hunk) => hunk.lines);
    const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
    return [`  ${printable(path)} +${count('+')} -${count('-')}`];
  });
  return [`In all, ${files.length} files:`, ...files].join('\n');
}

export function describeRefusal({ place, why, instead }: Refusal): string {
  const remedy = instead === undefined ? '' : `\n${shown(instead).replace(/^/gm, '    ')}`;
  return `${colors.red('✗')} ${printable(place)}: ${printable(why)}${remedy}`;
}
