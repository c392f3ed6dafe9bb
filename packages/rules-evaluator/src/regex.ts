import { Unsupported } from './failures';

const CLASS_ITEM = String.raw`\\[dw]|\\[^\w\s]|[^\\[\]]`;
/** The syntax with the same meaning in RE2 and JavaScript, once `.` is translated. */
const SHARED = new RegExp(
  [
    String.raw`\[\^?(?:${CLASS_ITEM})+\]`, // a character class
    String.raw`\\[dw]|\\[^\w\s]`, // \d, \w, escaped punctuation
    String.raw`\(\?:|\((?!\?)|[)|^$]`, // groups, alternatives, anchors
    String.raw`(?:[*+?]|\{\d+(?:,\d*)?\})\??`, // quantifiers
    String.raw`[^\\()[\]{}|^$*+?]`, // literal characters and the dot
  ].join('|'),
  'gsu',
);

/**
 * `string.matches(pattern)`: RE2, matching the whole string. Flags, `\s`, `\b`, Unicode and POSIX
 * classes, and everything else where the two dialects differ, are Unsupported.
 */
export function matches(text: string, pattern: string): boolean {
  const tokens = pattern.match(SHARED) ?? [];
  if (tokens.join('') !== pattern) throw new Unsupported(`the regular expression ${pattern}`);
  // JavaScript's dot excludes more line terminators, and its Unicode mode rejects redundant escapes.
  const source = tokens
    .map((token) => (token === '.' ? '[^\\n]' : token))
    .map((token) => token.replace(/\\([^\w^$\\.*+?()[\]{}|/-])/g, '$1'))
    .map((token) => (token === '\\-' ? '-' : token));
  try {
    return new RegExp(`^(?:${source.join('')})$`, 'u').test(text);
  } catch {
    throw new Unsupported(`the regular expression ${pattern}`);
  }
}
