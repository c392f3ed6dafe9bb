import { describeCase, type Case } from '@tiki-bridge/rules/case';
import { casesOf } from '@tiki-bridge/rules/cases';
import { evaluatorDecisions } from '@tiki-bridge/rules/engines/evaluator';
import { Unsupported } from '@tiki-bridge/rules-evaluator/failures';
import { openingsFor } from '@tiki-bridge/rules-evaluator/openings';
import { readRules } from '@tiki-bridge/rules-evaluator/ruleset';
import type { RulesService } from '../merge/rules-file';
import { type Feature, guardedPlacesOf, type Ruled } from '../wanted/choices';
import { requestsOf } from './any-request';

/** A rule that opens what ours close, or that cannot be judged. */
export interface Fault {
  /** Of .rules files, from 1. */
  readonly line?: number;
  /** Of the Realtime Database, such as `rules/.write`. */
  readonly rule?: string;
  readonly why: string;
  /** All that this rule opens, if `why` is only the first of several. */
  readonly opens?: readonly string[];
}

export interface JudgeOptions {
  /** False: its developer merges ours by hand, so it is only judged what must stay closed. */
  readonly isMerged: boolean;
  readonly features: readonly Feature[];
  /** Epoch ms, for the rows of our table. */
  readonly now: number;
}

/** The rows of our table that are about the bridge's places; of the others a project decides. */
export function rowsFor(service: Ruled, { isMerged, features }: JudgeOptions): readonly Case[] {
  const patterns = guardedPlacesOf(service, features).map(
    (place) => new RegExp(`^${place.replace(/\{\w+\}/g, '[^/]+')}(/|$)`),
  );
  return byWeight(
    casesOf(service).filter(
      (row) =>
        patterns.some((pattern) => pattern.test(row.path)) &&
        (isMerged || row.expected === 'deny') &&
        !isOwnReading(row),
    ),
  );
}

const isRead = ({ operation }: Case): boolean => operation === 'get' || operation === 'list';

/** A uid is one account, so what it reads is its own, however it signed in. Only ours ask for more. */
const isOwnReading = (row: Case): boolean =>
  isRead(row) && (row.who === 'ownerByPassword' || row.who === 'ownerWithoutProvider');

/** The first row that a rule fails is the one that is reported: the worst first. */
function byWeight(rows: readonly Case[]): readonly Case[] {
  const weight = (row: Case) =>
    (row.path.startsWith('entitlements') ? 2 : 0) + (isRead(row) ? 0 : 1);
  return rows.toSorted((a, b) => weight(b) - weight(a));
}

export const opened = ({ operation, path, because }: Case): string =>
  `it lets clients ${operation} /${path} (${because})`;

export const failed = (row: Case): string => `it fails with ours: ${describeCase(row)}`;

export const cannotJudge = (error: unknown): Fault => ({
  why: `it cannot be judged: ${error instanceof Error ? error.message : String(error)}`,
});

/** Rows of our table, with all that they say about users and data. */
function faultsInRows(text: string, service: RulesService, options: JudgeOptions): Fault[] {
  // Rules may be of one bucket, by its name.
  const [, bucket] = /\bmatch\s+\/b\/([^/{\s]+)\/o/.exec(text) ?? [];
  const decide = evaluatorDecisions(text, options.now, bucket);
  return rowsFor(service, options).flatMap((row): Fault[] => {
    try {
      const { allowed, findings } = decide(row);
      const line = findings.at(-1)?.line;
      if (allowed && row.expected === 'deny') {
        return [{ ...(line !== undefined && { line }), why: opened(row) }];
      }
      return !allowed && row.expected === 'allow' ? [{ why: failed(row) }] : [];
    } catch (error) {
      // Whether it matters is found out below.
      if (error instanceof Unsupported) return [];
      throw error;
    }
  });
}

/** Rules that let somebody do what the server alone may do, whatever the rows of the table do not think of. */
function openings(text: string, service: RulesService, { features }: JudgeOptions): Fault[] {
  const rules = readRules(text);
  return requestsOf(service, guardedPlacesOf(service, features)).flatMap(
    ({ place, method, request }) =>
      openingsFor(rules, request).map(({ line, unknown }): Fault => {
        const what = `${method} in /${place}`;
        if (unknown === undefined) return { line, why: `it lets clients ${what}` };
        const reason = unknown.replace(/, which was not provided$/, '');
        return { line, why: `it may let clients ${what}: ${reason} cannot be judged` };
      }),
  );
}

/** @returns one fault for each rule */
export function judgeRules(
  text: string,
  service: RulesService,
  options: JudgeOptions,
): readonly Fault[] {
  try {
    const all = [...faultsInRows(text, service, options), ...openings(text, service, options)];
    const firsts = new Map(all.toReversed().map((fault) => [fault.line, fault]));
    return [...firsts.values()]
      .map((first) => ({
        ...first,
        opens: all.filter(({ line }) => line === first.line).map(({ why }) => why),
      }))
      .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  } catch (error) {
    return [cannotJudge(error)];
  }
}
