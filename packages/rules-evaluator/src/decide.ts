import { evaluateCondition, type Documents, type Scope } from './evaluate';
import { RuleError, Unsupported } from './failures';
import { matchPath, type Captures, type PathSegments } from './matching';
import type { Allow, Match, RulesFunction, Ruleset } from './ruleset';
import type { Value } from './values';

export type Method = 'get' | 'list' | 'create' | 'update' | 'delete';

export interface RulesRequest {
  readonly method: Method;
  /** From the root of the service: `databases/(default)/documents/…` or `b/<bucket>/o/…`. */
  readonly path: PathSegments;
  /** The global names: `request` and `resource`. */
  readonly variables: ReadonlyMap<string, Value>;
  readonly documents: Documents;
}

/** The result of one `allow`. `error`: its condition raised an error, which denies. */
export interface Finding {
  readonly line: number;
  readonly outcome: 'true' | 'false' | 'error';
  readonly reason: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** The applicable `allow` statements in file order, up to the first that allows. */
  readonly findings: readonly Finding[];
}

const COVERS: Readonly<Record<string, readonly Method[]>> = {
  read: ['get', 'list'],
  write: ['create', 'update', 'delete'],
};

const covers = ({ methods }: Allow, method: Method): boolean =>
  methods.some(({ text }) => (COVERS[text] ?? [text]).includes(method));

/** Extends a scope by functions, which see each other and that scope. */
function declare(functions: readonly RulesFunction[], outer: Scope): Scope {
  const scope: Scope = {
    ...outer,
    functions: new Map([
      ...outer.functions,
      ...functions.map((each) => [each.name, [each, () => scope]] as const),
    ]),
  };
  return scope;
}

/** The scope within nested matches: each level adds its captures, then its functions. */
function scopeInside(chain: readonly Match[], captures: Captures, root: Scope): Scope {
  return chain.reduce((outer, { pattern, functions }) => {
    const own = [...captures].filter(([name]) => pattern.some((segment) => segment.name === name));
    return declare(functions, { ...outer, variables: new Map([...outer.variables, ...own]) });
  }, root);
}

function* applicable(
  parents: readonly Match[],
  matches: readonly Match[],
  root: Scope,
  request: RulesRequest,
): Generator<readonly [Allow, Scope]> {
  for (const match of matches) {
    const chain = [...parents, match];
    const patterns = chain.map(({ pattern }) => pattern);
    const captures = matchPath(patterns, request.path);
    if (captures) {
      const scope = scopeInside(chain, captures, root);
      for (const allow of match.allows) if (covers(allow, request.method)) yield [allow, scope];
    }
    yield* applicable(chain, match.matches, root, request);
  }
}

function judge({ node, condition }: Allow, scope: Scope): Finding {
  try {
    const allowed = !condition || evaluateCondition(condition, scope);
    return { line: node.line, outcome: allowed ? 'true' : 'false', reason: '' };
  } catch (failure) {
    if (failure instanceof Unsupported) throw new Unsupported(failure.message, node.line);
    if (!(failure instanceof RuleError)) throw failure;
    return { line: node.line, outcome: 'error', reason: failure.message };
  }
}

/** The allow statements that cover a request, in file order, each with its scope. */
export function covering(
  rules: Ruleset,
  request: RulesRequest,
): Generator<readonly [Allow, Scope]> {
  const variables = new Map([...request.variables].map(([name, value]) => [name, () => value]));
  const globals: Scope = { variables, functions: new Map(), documents: request.documents };
  return applicable([], rules.matches, declare(rules.functions, globals), request);
}

/** Whether rules allow a request. @throws Unsupported for anything outside the evaluator's subset */
export function decide(rules: Ruleset, request: RulesRequest): Decision {
  const findings: Finding[] = [];
  for (const [allow, scope] of covering(rules, request)) {
    const finding = judge(allow, scope);
    findings.push(finding);
    if (finding.outcome === 'true') return { allowed: true, findings };
  }
  return { allowed: false, findings };
}
