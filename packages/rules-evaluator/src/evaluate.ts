import { RuleError, Unsupported } from './failures';
import { childOf, childrenOf, operand, operandsOf, type Node } from './grammar';
import { literal } from './literals';
import { callGlobal, callMethod } from './methods';
import { binary, element, isType, member, negate } from './operators';
import type { RulesFunction } from './ruleset';
import { isPath, typeOf, type Path, type RulesMap, type Value } from './values';

/**
 * The names visible to an expression. Values are lazy: in the official engine a function can ignore
 * a parameter or a `let` whose value is an error.
 */
export interface Scope {
  readonly variables: ReadonlyMap<string, () => Value>;
  /** Lexical scoping: a function sees the names at its declaration, not at its call. */
  readonly functions: ReadonlyMap<string, readonly [RulesFunction, () => Scope]>;
  readonly documents: Documents;
}

/** Document lookups: `get` in Firestore rules, `firestore.get` in Storage rules. */
export interface Documents {
  readonly prefix: '' | 'firestore.';
  /** A document's fields by its path under `/databases/(default)/documents`. @throws Unsupported: unknown */
  readonly read: (path: string) => RulesMap | undefined;
}

export function evaluateCondition(node: Node, scope: Scope): boolean {
  const value = evaluate(node, scope);
  if (typeof value !== 'boolean') throw new RuleError(`${typeOf(value)} instead of a bool`);
  return value;
}

/**
 * `&&` and `||`. A deciding operand (`false` or `true`) wins even if the other raises an error, or is
 * unknown; otherwise an unknown operand makes the result unknown, and then an error of either is the result.
 */
function logical(sides: readonly Node[], deciding: boolean, scope: Scope): boolean {
  let error: RuleError | undefined;
  let unknown: Unsupported | undefined;
  for (const side of sides) {
    try {
      if (evaluateCondition(side, scope) === deciding) return deciding;
    } catch (failure) {
      if (failure instanceof Unsupported) unknown ??= failure;
      else if (failure instanceof RuleError) error ??= failure;
      else throw failure;
    }
  }
  if (unknown) throw unknown;
  if (error) throw error;
  return !deciding;
}

/** `/users/$(uid)`: an interpolated value is always one segment. */
function pathSegment(node: Node, scope: Scope): string {
  const [expression] = operandsOf(node);
  if (!expression) return node.text.slice(1);
  const value = evaluate(expression, scope);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string' && value !== '' && !value.includes('/')) return value;
  throw new Unsupported(`a ${typeOf(value)} like this in a path`);
}

function mapOf(node: Node, scope: Scope): RulesMap {
  const entries = childrenOf(node, 'MapEntries').flatMap((list) => childrenOf(list, 'MapEntry'));
  return new Map(
    entries.map((entry) => {
      const key = evaluate(operand(entry, 0), scope);
      if (typeof key !== 'string') throw new RuleError(`a key of type ${typeOf(key)}`);
      return [key, evaluate(operand(entry, 1), scope)];
    }),
  );
}

function readDocument(args: readonly Value[], { read }: Documents): RulesMap | undefined {
  const [path = null] = args;
  typeOf(path);
  if (args.length !== 1 || !isPath(path)) throw new RuleError('get and exists take one path');
  const inside = path.segments.slice(3);
  const root = path.segments.slice(0, 3).join('/');
  if (root !== 'databases/(default)/documents' || inside.length === 0 || inside.length % 2 > 0) {
    throw new RuleError(`/${path.segments.join('/')} is not a document`);
  }
  const fields = read(inside.join('/'));
  const gap = (name: string): Value => ({ notGiven: `${name} of a document looked up` });
  return (
    fields &&
    new Map<string, Value>([
      ['data', fields],
      ['id', gap('id')],
      ['__name__', gap('__name__')],
    ])
  );
}

function callBuiltIn(name: string, args: readonly Value[], { documents }: Scope): Value {
  if (name === `${documents.prefix}exists`) return readDocument(args, documents) !== undefined;
  if (name !== `${documents.prefix}get`) return callGlobal(name, args);
  const document = readDocument(args, documents);
  if (!document) throw new RuleError('no such document');
  return document;
}

function callFunction(name: string, args: readonly Node[], scope: Scope): Value {
  const values = () => args.map((argument) => evaluate(argument, scope));
  const [source, home] = scope.functions.get(name) ?? [];
  if (!source || !home) return callBuiltIn(name, values(), scope);
  if (args.length !== source.parameters.length) throw new RuleError(`arguments of ${name}`);
  const variables = new Map(home().variables);
  const inner: Scope = { ...home(), variables };
  args.forEach((argument, i) => {
    variables.set(source.parameters[i] ?? '', () => evaluate(argument, scope));
  });
  for (const { name: local, value } of source.bindings) {
    variables.set(local, () => evaluate(value, inner));
  }
  return evaluate(source.result, inner);
}

const argumentsOf = (node: Node): Node[] => childrenOf(node, 'ExpressionList').flatMap(operandsOf);

function callOn(node: Node, scope: Scope): Value {
  const args = argumentsOf(node);
  const name = childOf(node, 'MemberId').text;
  const values = () => args.map((argument) => evaluate(argument, scope));
  // `firestore.get(…)` and `tags.hasAny(…)` parse alike; they differ in whether a variable exists.
  const [self] = node.children;
  if (!self || node.type === 'MemberFunctionCallSimpleExpression') {
    return callMethod(evaluate(operand(node, 0), scope), name, values());
  }
  const variable = scope.variables.get(self.text);
  if (variable) return callMethod(variable(), name, values());
  return callBuiltIn(`${self.text}.${name}`, values(), scope);
}

function index(node: Node, scope: Scope): Value {
  const found = evaluate(operand(childOf(node, 'IndexLookup'), 0), scope);
  return element(evaluate(operand(node, 0), scope), found);
}

function lookUp(name: string, { variables }: Scope): Value {
  const variable = variables.get(name);
  if (!variable) throw new Unsupported(`the name ${name}`);
  return variable();
}

function not(value: Value): boolean {
  if (typeof value !== 'boolean') throw new RuleError(`!${typeOf(value)} is not defined`);
  return !value;
}

/**
 * Evaluates a node of the grammar's tree, with one case for each label.
 *
 * @throws RuleError for an error defined by the language, Unsupported outside the subset
 */
export function evaluate(node: Node, scope: Scope): Value {
  const at = (i: number): Value => evaluate(operand(node, i), scope);
  switch (node.type) {
    case 'PrimaryExpression':
    case 'ParenSimpleExpression':
      return at(0);
    case 'LiteralExpression':
      return literal(node.text);
    case 'VariableSimpleExpression':
      return lookUp(node.text, scope);
    case 'LogicalAndExpression':
      return logical(operandsOf(node), false, scope);
    case 'LogicalOrExpression':
      return logical(operandsOf(node), true, scope);
    case 'EqualityExpression':
    case 'RelationalExpression':
    case 'AdditiveExpression':
    case 'MultiplicativeExpression':
    case 'ExprInExpression':
      return binary(at(0), childrenOf(node, 'token')[0]?.text ?? '', at(1));
    case 'ExprIsTypeIdExpression':
      return isType(at(0), childOf(node, 'IsOperatorId').text);
    case 'NotExpression':
      return not(at(0));
    case 'UnaryAdditiveExpression':
      // Parsed with its sign, because the smallest int has no positive counterpart.
      return /^-\d+$/.test(node.text) ? literal(node.text) : negate(at(0));
    case 'TernaryExpression':
      return evaluateCondition(operand(node, 0), scope) ? at(1) : at(2);
    case 'MemberLookupSimpleExpression':
      return member(at(0), childOf(node, 'KeywordId').text);
    case 'ListLookupSimpleExpression':
      return index(node, scope);
    case 'ListSimpleExpression':
      return argumentsOf(node).map((item) => evaluate(item, scope));
    case 'MapSimpleExpression':
      return mapOf(childOf(node, 'MapExpression'), scope);
    case 'PathSimpleExpression': {
      const segments = childrenOf(childOf(node, 'PathExpression'), 'PathExpressionSegment');
      return { segments: segments.map((each) => pathSegment(each, scope)) } satisfies Path;
    }
    case 'FunctionCallSimpleExpression':
      return callFunction(childOf(node, 'LocalFunctionId').text, argumentsOf(node), scope);
    case 'IdMemberFunctionCallSimpleExpression':
    case 'MemberFunctionCallSimpleExpression':
      return callOn(node, scope);
    default:
      throw new Unsupported(`${node.type}: ${node.text}`);
  }
}
