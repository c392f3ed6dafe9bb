import { layoutOf } from './layout';
import type { Conflict, Merged } from './merge';

/**
 * The parameter that a line sets. Not parseDotenv: that returns values, without the lines and comments
 * that stay here.
 */
const nameOf = (line: string): string | undefined => /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1];

function byName(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const name = nameOf(line);
      return name === undefined ? [] : [[name, line] as const];
    }),
  );
}

/**
 * Merges parameters by name. Comments stay; new parameters are appended. By lines ({@link mergeText}), a new
 * parameter next to a changed one would be a conflict. All three texts have the same line endings.
 */
export function mergeParameters(base: string, theirs: string, ours: string): Merged {
  const [before, after] = [byName(base), byName(ours)];
  const conflicts: Conflict[] = [];
  const kept = theirs.split('\n').flatMap((line, index) => {
    const name = nameOf(line);
    if (name === undefined || !before.has(name)) return [line];
    const [written, wanted] = [before.get(name), after.get(name)];
    if (line === written) return wanted === undefined ? [] : [wanted];
    const isTheirs = wanted === undefined || wanted === written || wanted === line;
    if (!isTheirs) conflicts.push({ line: index, theirs: [line], ours: [wanted] });
    return [line];
  });
  if (conflicts.length > 0) return conflicts;
  const there = byName(theirs);
  // A parameter they deleted comes back only if our value has changed, such as after another --prefix.
  const isMissing = ([name, line]: readonly [string, string]) =>
    !there.has(name) && line !== before.get(name);
  const missing = [...after].filter(isMissing).map(([, line]) => `${line}\n`);
  const text = kept.join('\n');
  const lacksNewline = missing.length > 0 && !/(^|\n)$/.test(text);
  return text + (lacksNewline ? layoutOf(theirs).eol : '') + missing.join('');
}
