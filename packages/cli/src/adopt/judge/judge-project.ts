import type { Part } from '../wanted/choices';
import { type FirebaseJson, findFirestore, listOf } from '../project/firebase-json';
import { type Fault, judgeDatabaseRules, judgeRules } from './judge-rules';
import type { Refusal } from '../project/project';
import { findBlock } from '../merge/rules-file';

/** A rules file with or without ours in it. */
export interface RulesText {
  readonly text: string | undefined;
  readonly isMerged: boolean;
  /** Why it could not be merged is said already. */
  readonly isRefused: boolean;
}

export interface Judgement extends Refusal {
  readonly isWarning: boolean;
}

/** The line in the file before ours was added; undefined: it is one of ours. */
function theirLine(text: string, line: number): number | undefined {
  const block = findBlock(text);
  if (typeof block !== 'object') return line;
  const linesTo = (offset: number) => text.slice(0, offset).split('\n').length - 1;
  const [before, after] = [linesTo(block.start), linesTo(block.end)];
  if (line <= before) return line;
  return line > after ? line - (after - before) : undefined;
}

/** Every new project has these rules if its developer chose it so: open to everybody until a day. */
const TEST_MODE = /request\.time\s*<\s*timestamp\.date/;
const LEAVE_TEST_MODE =
  'This is the rule of Firebase’s test mode: until that day everybody may read and write everything. ' +
  'Delete it, allow what your app needs of each of its own collections, such as\n' +
  '  match /carts/{id} { allow read, write: if request.auth != null; }\n' +
  'and run this again. https://firebase.google.com/docs/rules/get-started';

function describe(
  file: string,
  text: string,
  { line, rule, why, isUnknown }: Fault,
  { part, isStrict }: { readonly part: Part; readonly isStrict: boolean },
): Judgement {
  const theirs = line === undefined ? undefined : theirLine(text, line);
  const source = line === undefined ? rule : text.split('\n')[line - 1]?.trim();
  return {
    place: theirs === undefined ? file : `${file}:${theirs}`,
    why: source === undefined ? why : `${source}  ← ${why}`,
    // Whoever merges by hand may know that such a rule is harmless.
    isWarning: isUnknown === true && !isStrict,
    instead: TEST_MODE.test(source ?? '')
      ? LEAVE_TEST_MODE
      : 'Narrow this rule: whatever one rule allows, no other one can forbid, and these paths are the ' +
        `server’s.${part === 'storage' ? ' Or leave premium files out: --skip storage' : ''}`,
  };
}

/**
 * Rules are or-ed: one of theirs may open what ours close. All rules of the parts that the bridge uses
 * are judged by our own table of cases, with ours merged into them.
 */
export function judgeProject(
  json: FirebaseJson,
  rulesOf: (file: string) => RulesText,
  now: number,
): readonly Judgement[] {
  const filesIn = (entries: readonly ({ rules?: string | undefined } | undefined)[]) =>
    entries.flatMap((entry) => (entry?.rules === undefined ? [] : [entry.rules]));
  const judgeAll = (
    part: Part,
    files: readonly string[],
    judge: (text: string, options: { isMerged: boolean; now: number }) => readonly Fault[],
  ) =>
    files.flatMap((file) => {
      const { text, isMerged, isRefused } = rulesOf(file);
      if (text === undefined) return [];
      return judge(text, { isMerged, now })
        .filter(({ isUnknown }) => !(isRefused && isUnknown))
        .map((fault) => describe(file, text, fault, { part, isStrict: isMerged || isRefused }));
    });
  return [
    ...judgeAll('firestore', filesIn([findFirestore(json)?.value]), (text, options) =>
      judgeRules(text, 'firestore', options),
    ),
    ...judgeAll('storage', filesIn(listOf(json.storage)), (text, options) =>
      judgeRules(text, 'storage', options),
    ),
    ...judgeAll('database', filesIn(listOf(json.database)), judgeDatabaseRules),
  ];
}
