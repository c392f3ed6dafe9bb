import { createHash } from 'node:crypto';
import type { Choices, Ruled } from '../wanted/choices';
import { type FirebaseJson, findFirestore, listOf } from '../project/firebase-json';
import { judgeDatabaseRules } from './judge-database';
import { type Fault, type JudgeOptions, judgeRules } from './judge-rules';
import type { Refusal } from '../project/project';
import { nodeAt } from '../merge/json-text';
import { findBlock } from '../merge/rules-file';

/** A rules file with or without ours in it. */
export interface RulesText {
  readonly text: string | undefined;
  readonly isMerged: boolean;
  /** Why it could not be merged is said already. */
  readonly isRefused: boolean;
}

export interface Judgement extends Refusal {
  /**
   * Identifies an accepted fault: its file, its rule and all that this opens, in the words of the messages.
   * An update that rewords one asks again, which is the safe side.
   */
  readonly id: string;
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

/** What to do about a rule of theirs. */
function remedy(part: Ruled, source: string | undefined): string {
  if (TEST_MODE.test(source ?? '')) return LEAVE_TEST_MODE;
  return (
    'Narrow this rule to collections of your own: whatever one rule allows, no other one can forbid, and ' +
    'these paths are the server’s. ' +
    (part === 'storage' ? 'Or leave premium files out: --skip storage. ' : '') +
    `If you know that it lets nobody in, merge by hand: --skip ${part} --accept-open-rules`
  );
}

/** The statement that starts at a line; a condition may go on over several. */
function statementAt(text: string, line: number): string {
  const lines = text.split('\n').slice(line - 1);
  const codes = lines.map((each) => each.replace(/\/\/.*/, ''));
  const last = /\}\s*$/.test(codes[0] ?? '') ? 0 : codes.findIndex((code) => code.includes(';'));
  const statement = last < 0 ? lines : lines.slice(0, last + 1);
  return statement.join(' ').replace(/\s+/g, ' ').trim();
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What identifies the fault: its statement, its node, or else the whole file. */
function identityOf(text: string, { line, rule }: Fault): string {
  if (line !== undefined) return statementAt(text, line);
  if (rule === undefined) return `sha256 ${sha256(text)}`;
  return `${rule} ${String(nodeAt(text, rule.split('/'))?.value)}`;
}

function describe(
  file: string,
  text: string,
  fault: Fault,
  { part, isAccepted }: { readonly part: Ruled; readonly isAccepted: (id: string) => boolean },
): Judgement {
  const { line, why, opens = [why] } = fault;
  const theirs = line === undefined ? undefined : theirLine(text, line);
  const source = line === undefined ? fault.rule : text.split('\n')[line - 1]?.trim();
  const id = `${file}: ${identityOf(text, fault)}  ← ${why}, sha256 ${sha256(opens.join('\n'))}`;
  return {
    place: theirs === undefined ? file : `${file}:${theirs}`,
    why: source === undefined ? why : `${source}  ← ${why}`,
    id,
    isWarning: isAccepted(id),
    instead: remedy(part, source),
  };
}

/**
 * Rules are or-ed: one of theirs may open what ours close. All rules of the parts that the bridge uses
 * are judged, by our own table of cases with ours merged into them, and for what the table does not have.
 */
export function judgeProject(
  json: FirebaseJson,
  rulesOf: (file: string) => RulesText,
  {
    choices: { features, skipped, acceptedRules },
    now,
    acceptsOpenRules = false,
  }: {
    readonly choices: Choices;
    readonly now: number;
    readonly acceptsOpenRules?: boolean | undefined;
  },
): readonly Judgement[] {
  const filesIn = (entries: readonly ({ rules?: string | undefined } | undefined)[]) =>
    entries.flatMap((entry) => (entry?.rules === undefined ? [] : [entry.rules]));
  const judgeAll = (
    part: Ruled,
    files: readonly string[],
    judge: (text: string, options: JudgeOptions) => readonly Fault[],
  ) =>
    files.flatMap((file) => {
      const { text, isMerged, isRefused } = rulesOf(file);
      if (text === undefined) return [];
      const isAccepted = (id: string) =>
        skipped.includes(part) && (acceptsOpenRules || acceptedRules.includes(id));
      return judge(text, { isMerged, features, now })
        .filter(({ line, rule }) => !isRefused || line !== undefined || rule !== undefined)
        .map((fault) => describe(file, text, fault, { part, isAccepted }));
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
