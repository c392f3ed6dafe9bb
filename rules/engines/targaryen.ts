import { createRequire } from 'node:module';
import ts from 'typescript';
import type { Case, Verdict } from '../case';
import { people, type Person } from '../people';
import { databaseTree, world } from '../world';

// targaryen has no types; this is the documented part used here.
interface Result {
  readonly allowed: boolean;
}
interface Database {
  with(options: { readonly auth: unknown; readonly now: number }): Database;
  read(path: string, now: number): Result;
  write(path: string, value: unknown, priority: undefined, now: number): Result;
}
const targaryen = createRequire(__filename)('targaryen') as {
  database: (rules: object, data: object, now: number) => Database;
};

/** The rules of a database: a tree with expressions as leaves. */
export interface DatabaseRules {
  readonly [key: string]: string | boolean | DatabaseRules;
}

/** database.rules.json is JSON with comments, which Firebase accepts. */
export function parseDatabaseRules(source: string): DatabaseRules {
  const parsed = ts.parseConfigFileTextToJson('database.rules.json', source);
  if (parsed.error) {
    throw new Error(ts.flattenDiagnosticMessageText(parsed.error.messageText, '\n'));
  }
  // The shape of this file; targaryen validates it.
  const config = parsed.config as DatabaseRules;
  return config;
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
