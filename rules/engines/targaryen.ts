import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import * as targaryen from 'targaryen';
import type { Case, Verdict } from '../case';
import { people, type Person } from '../people';
import { databaseTree, world } from '../world';

/** The rules of a database: a tree with expressions as leaves. */
export interface DatabaseRules {
  readonly [key: string]: string | boolean | DatabaseRules;
}

/** database.rules.json is JSON with comments, which Firebase accepts. */
export function parseDatabaseRules(source: string): DatabaseRules {
  const errors: ParseError[] = [];
  // The shape of this file; targaryen validates it.
  const rules = parse(source, errors) as DatabaseRules;
  const [error] = errors;
  if (error) throw new Error(`${printParseErrorCode(error.error)} at offset ${error.offset}`);
  return rules;
}

/**
 * Judges rows of database.rules.json. `now` must be passed to every operation: by default targaryen
 * uses the creation time of the data, for which rules that compare times always deny.
 */
export function targaryenJudge(rules: DatabaseRules, now: number): (asked: Case) => Verdict {
  const database = targaryen.database(rules, databaseTree(world(now)), now);
  const everybody: Readonly<Record<string, Person>> = people(now);
  return ({ who, operation, path, data }) => {
    const auth = everybody[who]?.auth ?? null;
    const asked = database.with({ auth, now });
    const result =
      operation === 'get' || operation === 'list'
        ? asked.read(`/${path}`, now)
        : asked.write(`/${path}`, operation === 'delete' ? null : data, undefined, now);
    return result.allowed ? 'allow' : 'deny';
  };
}
