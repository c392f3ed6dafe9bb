import {
  type DatabaseRules,
  parseDatabaseRules,
  targaryenJudge,
} from '@tiki-bridge/rules/engines/targaryen';
import { guardedPlacesOf } from '../wanted/choices';
import { cannotJudge, failed, type Fault, type JudgeOptions, opened, rowsFor } from './judge-rules';

/** Rules with nothing but one expression, which stands at a path of keys. */
const alone = (keys: readonly string[], expression: string | boolean): DatabaseRules =>
  keys.reduceRight<DatabaseRules | string | boolean>(
    (inner, key) => ({ [key]: inner }),
    expression,
  ) as DatabaseRules;

type Kind = '.read' | '.write';
type Found = readonly [readonly string[], string | boolean];

/** The rules on the way to a node, from above: one that says true opens all below it. */
function rulesOnTheWay(rules: DatabaseRules, path: string, kind: Kind): readonly Found[] {
  const found: Found[] = [];
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

/** Claims that a client may come by without the project's server; see any-request.ts. */
const NOT_CUSTOM =
  /^(name|picture|email_verified|firebase|provider|provider_id|tikiCustomerId|sub|user_id|iss|aud|iat|exp|auth_time)$/;
const VALUE = String.raw`('[^']*'|"[^"]*"|true|\d+)`;
const CLAIM = new RegExp(String.raw`^auth\.token\.(\w+) ?===? ?${VALUE}$`);
const ONE_UID = /^auth\.uid ?===? ?('[^']*'|"[^"]*")$/;
const OWN = /^auth\.uid ?===? ?\$\w+$/;

/** Whether this part of a condition is false for everybody but those whom the project chose. */
function closes(part: string, kind: Kind): boolean {
  const [, claim] = CLAIM.exec(part) ?? [];
  if (claim === 'premiumAccount') return kind === '.read';
  if (claim !== undefined) return !NOT_CUSTOM.test(claim);
  return part === 'false' || ONE_UID.test(part) || (kind === '.read' && OWN.test(part));
}

/**
 * Whether a rule certainly stays closed. targaryen knows no unknown values, so of the language only this much
 * is understood: parts with `||` and `&&` between them, of which one part in each alternative decides.
 */
function isClosed(rule: string | boolean, kind: Kind): boolean {
  if (typeof rule === 'boolean') return !rule;
  const blanksAsOne = rule.trim().replace(/\s+/g, ' ');
  const texts = blanksAsOne.match(/'[^']*'|"[^"]*"/g) ?? [];
  // A parenthesis that is not a call's, `!` and `? :` turn a part into another meaning.
  const isPlain =
    !/[?!](?!=)|(^|\W)\(|\.matches\(/.test(blanksAsOne) && !/[&|(?!]/.test(texts.join(''));
  const alternatives = blanksAsOne.split('||').map((each) => each.split('&&'));
  return isPlain && alternatives.every((parts) => parts.some((part) => closes(part.trim(), kind)));
}

/** Rows of our table, with all that they say about users and data. */
function faultsInRows(rules: DatabaseRules, options: JudgeOptions): Fault[] {
  const judge = targaryenJudge(rules, options.now);
  return rowsFor('database', options).flatMap((row): Fault[] => {
    const verdict = judge(row);
    if (verdict === row.expected) return [];
    if (verdict === 'deny') return [{ why: failed(row) }];
    const kind = row.operation === 'get' || row.operation === 'list' ? '.read' : '.write';
    const culprit = rulesOnTheWay(rules, row.path, kind).find(
      ([keys, rule]) => targaryenJudge(alone(keys, rule), options.now)(row) === 'allow',
    );
    return [{ ...(culprit && { rule: culprit[0].join('/') }), why: opened(row) }];
  });
}

/** Rules above and at the bridge's nodes that may be true for a client. */
function openings(rules: DatabaseRules, { features }: JudgeOptions): Fault[] {
  return guardedPlacesOf('database', features).flatMap((place) =>
    (['.write', '.read'] as const).flatMap((kind) =>
      rulesOnTheWay(rules, `${place}/any`, kind)
        .filter(([, rule]) => !isClosed(rule, kind))
        .map(([keys]) => ({
          rule: keys.join('/'),
          why: `it may let clients ${kind.slice(1)} in /${place}, which cannot be judged`,
        })),
    ),
  );
}

/** @returns one fault for each rule of a Realtime Database */
export function judgeDatabaseRules(text: string, options: JudgeOptions): readonly Fault[] {
  try {
    const rules = parseDatabaseRules(text);
    const all = [...faultsInRows(rules, options), ...openings(rules, options)];
    return [...new Map(all.toReversed().map((fault) => [fault.rule, fault])).values()];
  } catch (error) {
    return [cannotJudge(error)];
  }
}
