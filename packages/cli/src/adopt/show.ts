import { createTwoFilesPatch } from 'diff';
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

export function describeRefusal({ place, why, instead }: Refusal): string {
  const remedy = instead === undefined ? '' : `\n${shown(instead).replace(/^/gm, '    ')}`;
  return `${colors.red('✗')} ${printable(place)}: ${printable(why)}${remedy}`;
}
