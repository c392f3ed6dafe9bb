import { Unsupported } from './failures';

const CLASS_ITEM = String.raw`\\[dw]|\\[^\w\s]|[^\\[\]]`;
/** The syntax that RE2 and JavaScript share, and read alike once `.` is translated. */
const SHARED = new RegExp(
  [
    String.raw`\[\^?(?:${CLASS_ITEM})+\]`, // a character class
    String.raw`\\[dw]|\\[^\w\s]`, // \d, \w, escaped punctuation
    String.raw`\(\?:|\((?!\?)|[)|^$]`, // groups, alternatives, anchors
    String.raw`(?:[*+?]|\{\d+(?:,\d*)?\})\??`, // quantifiers
    String.raw`[^\\()[\]{}|^$*+?]`, // anything that stands for itself, and the dot
  ].join('|'),
  'gsu',
);

/**
 * `string.matches(pattern)`: Google's RE2, over the whole string. Flags, `\s`, `\b`, Unicode and
 * POSIX classes and whatever else the two dialects read differently are Unsupported.
 */
export function matches(text: string, pattern: string): boolean {
  const tokens = pattern.match(SHARED) ?? [];
  if (tokens.join('') !== pattern) throw new Unsupported(`the regular expression ${pattern}`);
  // JavaScript's dot skips more line ends than RE2's, and its Unicode mode refuses needless escapes.
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
