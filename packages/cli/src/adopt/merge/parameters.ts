import { layoutOf } from './layout';
import type { Conflict, Merged } from './merge';

/** What the Firebase CLI takes for `NAME=value`. */
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
 * Merges a file of parameters by their names. {@link mergeText} would take a new parameter beside a changed
 * one for a conflict. Comments stay as they are. New parameters come last. All three have the same ends of lines.
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
  // What they have deleted comes back only where its value changes, as that of --prefix.
  const isMissing = ([name, line]: readonly [string, string]) =>
    !there.has(name) && line !== before.get(name);
  const missing = [...after].filter(isMissing).map(([, line]) => `${line}\n`);
  const text = kept.join('\n');
  const isOpen = missing.length > 0 && !/(^|\n)$/.test(text);
  return text + (isOpen ? layoutOf(theirs).eol : '') + missing.join('');
}
