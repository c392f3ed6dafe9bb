import { describeCase, type Case, type Service } from '@tiki-bridge/rules/case';
import { casesOf } from '@tiki-bridge/rules/cases';
import { evaluatorDecisions } from '@tiki-bridge/rules/engines/evaluator';
import {
  type DatabaseRules,
  parseDatabaseRules,
  targaryenJudge,
} from '@tiki-bridge/rules/engines/targaryen';
import { Unsupported } from '@tiki-bridge/rules-evaluator/failures';
import type { RulesService } from '../merge/rules-file';

/** A rule that opens what ours close, or that cannot be judged. */
export interface Fault {
  /** Of .rules files, from 1. */
  readonly line?: number;
  /** Of the Realtime Database, such as `rules/.write`. */
  readonly rule?: string;
  readonly why: string;
  /** It cannot be judged: it may be harmless. */
  readonly isUnknown?: true;
}

/** The project's own documents: nothing of ours is there, and whether they are open is its business. */
const isTheirs = ({ path }: Case): boolean => /^(settings(\/.*)?|new\.png|)$/.test(path);

/** Written by the server alone. Whoever writes there is premium for free, or becomes another user. */
const SERVER_ONLY =
  /^((entitlements|orders|rateLimits|handOvers|bridgeAudit)(\/|$)|users\/[^/]+\/(devices|notifications|receipts)(\/|$))/;

/**
 * The rows of our table that a project has to fulfil.
 *
 * @param isMerged false: its developer merges ours by hand, so it is only judged what must stay closed
 */
function rowsFor(service: Service, isMerged: boolean): readonly Case[] {
  const rows = casesOf(service).filter((row) => !isTheirs(row));
  if (isMerged) return rows;
  return rows.filter(({ expected, path }) => expected === 'deny' && SERVER_ONLY.test(path));
}

/** The first row that a rule fails is the one that is reported: the worst first. */
function byWeight(rows: readonly Case[]): readonly Case[] {
  const weight = ({ path, operation }: Case) =>
    (SERVER_ONLY.test(path) ? 2 : 0) + (operation === 'get' || operation === 'list' ? 0 : 1);
  return rows.toSorted((a, b) => weight(b) - weight(a));
}

const opened = ({ operation, path, because }: Case): string =>
  `it lets clients ${operation} /${path} (${because})`;

const failed = (row: Case): string => `it fails with ours: ${describeCase(row)}`;

/** A date, as Firebase's test mode has one: such a rule may open later, or not be open any more. */
const DATED = /timestamp\.date|\d{12}/;
const CENTURY_MS = 100 * 365 * 86_400_000;

/** When rules are judged, epoch ms. */
const instants = (text: string, now: number): readonly number[] =>
  DATED.test(text) ? [now, now + CENTURY_MS] : [now];

const cannotJudge = (error: unknown): Fault => ({
  why: `it cannot be judged: ${error instanceof Error ? error.message : String(error)}`,
  isUnknown: true,
});

/** @returns one fault for each rule */
export function judgeRules(
  text: string,
  service: RulesService,
  { isMerged, now }: { readonly isMerged: boolean; readonly now: number },
): readonly Fault[] {
  const faults = new Map<number | undefined, Fault>();
  const add = (line: number | undefined, fault: Fault) => {
    if (!faults.has(line)) faults.set(line, { ...fault, ...(line !== undefined && { line }) });
  };
  let deciders: readonly ReturnType<typeof evaluatorDecisions>[];
  try {
    deciders = instants(text, now).map((instant) => evaluatorDecisions(text, instant));
  } catch (error) {
    return [cannotJudge(error)];
  }
  const rows = byWeight(rowsFor(service, isMerged));
  for (const [decide, row] of deciders.flatMap((each) => rows.map((row) => [each, row] as const))) {
    try {
      const { allowed, findings } = decide(row);
      if (allowed && row.expected === 'deny') add(findings.at(-1)?.line, { why: opened(row) });
      if (!allowed && row.expected === 'allow') add(undefined, { why: failed(row) });
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      const { message, line } = error;
      add(line, {
        why: `it covers /${row.path}, and ${message} cannot be judged`,
        isUnknown: true,
      });
    }
  }
  return [...faults.values()];
}

/** Rules with nothing but one expression, which stands at a path of keys. */
const alone = (keys: readonly string[], expression: string | boolean): DatabaseRules =>
  keys.reduceRight<DatabaseRules | string | boolean>(
    (inner, key) => ({ [key]: inner }),
    expression,
  ) as DatabaseRules;

/** The rules on the way to a node, from above: one that says true opens all below it. */
function rulesOnTheWay(
  rules: DatabaseRules,
  path: string,
  kind: '.read' | '.write',
): readonly (readonly [readonly string[], string | boolean])[] {
  const found: (readonly [readonly string[], string | boolean])[] = [];
  const visit = (node: DatabaseRules, keys: readonly string[], rest: readonly string[]): void => {
    const rule = node[kind];
    if (typeof rule === 'string' || typeof rule === 'boolean') found.push([[...keys, kind], rule]);
    const [next, ...below] = rest;
    if (next === undefined) return;
    const names = next in node ? [next] : Object.keys(node).filter((name) => name.startsWith('$'));
    for (const name of names) {
      const child = node[name];
      if (typeof child === 'object') visit(child, [...keys, name], below);
    }
  };
  const { rules: root } = rules;
  if (typeof root === 'object') visit(root, ['rules'], path.split('/').filter(Boolean));
  return found;
}

/** The same for the rules of a Realtime Database. */
export function judgeDatabaseRules(
  text: string,
  { isMerged, now }: { readonly isMerged: boolean; readonly now: number },
): readonly Fault[] {
  const faults = new Map<string, Fault>();
  try {
    const rules = parseDatabaseRules(text);
    const rows = byWeight(rowsFor('database', isMerged));
    const asked = instants(text, now).flatMap((instant) => {
      const judge = targaryenJudge(rules, instant);
      return rows.map((row) => ({ row, instant, verdict: judge(row) }));
    });
    for (const { row, instant, verdict } of asked) {
      if (verdict === row.expected) continue;
      const kind = row.operation === 'get' || row.operation === 'list' ? '.read' : '.write';
      const culprit = rulesOnTheWay(rules, row.path, kind).find(
        ([keys, rule]) => targaryenJudge(alone(keys, rule), instant)(row) === 'allow',
      );
      const rule = culprit?.[0].join('/');
      const why = verdict === 'allow' ? opened(row) : failed(row);
      if (!faults.has(rule ?? ''))
        faults.set(rule ?? '', { ...(rule !== undefined && { rule }), why });
    }
  } catch (error) {
    return [cannotJudge(error)];
  }
  return [...faults.values()];
}
