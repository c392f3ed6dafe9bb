import { INVISIBLE } from '../../../functions/src/operator';

const EACH_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/**
 * Text from elsewhere for a line on a terminal: without characters that would move the cursor,
 * colour what follows, start a line or turn the direction of writing.
 */
export function printable(text: string): string {
  return text.replace(EACH_INVISIBLE, '\uFFFD');
}

/** JSON that is as safe to look at: such characters are escaped, so that its value is the same. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(EACH_INVISIBLE, (found) =>
    found === '\n' ? found : escaped(found),
  );
}

/** Some are a pair of UTF-16 units. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
