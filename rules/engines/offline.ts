import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Case, Service, Verdict } from '../case';
import { evaluatorJudge } from './evaluator';
import { parseDatabaseRules, targaryenJudge } from './targaryen';

/** An implementation of a rules language. */
export interface Engine {
  /** For reports. */
  readonly name: string;
  /** Why it is not Google's own; undefined if it is. */
  readonly insteadOfOfficial?: string;
  readonly judge: (asked: Case) => Verdict | Promise<Verdict>;
  readonly close: () => Promise<void>;
}

export const RULES_FILES: Readonly<Record<Service, string>> = {
  firestore: 'firestore.rules',
  storage: 'storage.rules',
  database: 'database.rules.json',
};

export const readRulesFile = (service: Service): string =>
  readFileSync(path.join(__dirname, '../..', RULES_FILES[service]), 'utf8');

/** The engine that only needs Node. `now` (epoch ms) is the time of all requests. */
export function offlineEngine(
  service: Service,
  now: number,
  rules = readRulesFile(service),
): Engine {
  const close = () => Promise.resolve();
  return service === 'database'
    ? { name: 'targaryen', judge: targaryenJudge(parseDatabaseRules(rules), now), close }
    : { name: 'evaluator', judge: evaluatorJudge(rules, now), close };
}
