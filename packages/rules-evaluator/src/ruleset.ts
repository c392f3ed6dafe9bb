import { Unsupported } from './failures';
import { childOf, childrenOf, operand, operandsOf, parseTree, type Node } from './grammar';

export interface RulesFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  /** `let name = value;`, in order. */
  readonly bindings: readonly { readonly name: string; readonly value: Node }[];
  readonly result: Node;
}

/** `allow get, list: if condition;`. Always allows without a condition. */
export interface Allow {
  readonly node: Node;
  readonly methods: readonly Node[];
  readonly condition: Node | undefined;
}

/** One segment of a `match` path: `/literal`, `/{capture}` or `/{glob=**}`. */
export interface Segment {
  readonly kind: 'literal' | 'capture' | 'glob';
  readonly name: string;
}

export interface Match {
  readonly pattern: readonly Segment[];
  readonly functions: readonly RulesFunction[];
  readonly allows: readonly Allow[];
  readonly matches: readonly Match[];
}

export interface Ruleset {
  readonly service: 'cloud.firestore' | 'firebase.storage';
  readonly functions: readonly RulesFunction[];
  readonly matches: readonly Match[];
}

function readSegment(node: Node): Segment {
  switch (node.type) {
    case 'SimpleSegmemnt': // The grammar's own spelling.
      return { kind: 'literal', name: node.text.slice(1) };
    case 'CaptureSegment':
      return { kind: 'capture', name: childOf(childOf(node, 'Capture'), 'LocalVariableId').text };
    case 'GlobSegment':
      return { kind: 'glob', name: childOf(childOf(node, 'GlobCapture'), 'LocalVariableId').text };
    default:
      throw new Unsupported(`path segment ${node.text}`);
  }
}

function readFunction(node: Node): RulesFunction {
  const body = childOf(node, 'FunctionBody');
  const [parameters] = childrenOf(childOf(node, 'FunctionSignature'), 'ParamList');
  return {
    name: childOf(node, 'LocalFunctionId').text,
    parameters: parameters ? childrenOf(parameters, 'LocalVariableId').map(({ text }) => text) : [],
    bindings: childrenOf(body, 'BindingDeclaration').map((binding) => ({
      name: childOf(binding, 'LocalVariableId').text,
      value: operand(binding, 0),
    })),
    result: operand(childOf(body, 'ReturnStatement'), 0),
  };
}

function readAllow(node: Node): Allow {
  return {
    node,
    methods: childrenOf(childOf(node, 'OperationId'), 'Id'),
    condition: childrenOf(node, 'PermissionBody').flatMap(operandsOf)[0],
  };
}

/** The content of a service or match block, by kind. */
function readBody(node: Node, statement: string): Pick<Match, 'functions' | 'allows' | 'matches'> {
  const inside = childrenOf(node, statement).flatMap(({ children }) => children);
  const of = (type: string) => inside.filter((each) => each.type === type);
  return {
    functions: of('FunctionDeclaration').map(readFunction),
    allows: of('PermissionDeclaration').map(readAllow),
    matches: of('MatchRuleDeclaration').map((match) => ({
      pattern: childOf(match, 'PathDecl').children.map(readSegment),
      ...readBody(match, 'MatchStatement'),
    })),
  };
}

/**
 * Reads a rules file with `rules_version = '2'` and one service.
 *
 * @throws SyntaxError of Firebase's parser, or Unsupported outside the evaluator's subset
 */
export function readRules(source: string): Ruleset {
  const tree = parseTree(source);
  if (!/^rules_version=['"]2['"];?$/.test(childrenOf(tree, 'VersionStatement')[0]?.text ?? '')) {
    throw new Unsupported("rules other than rules_version = '2'");
  }
  const declarations = childrenOf(tree, 'RulesetStatement').flatMap(({ children }) => children);
  const [service, another] = declarations;
  if (service?.type !== 'ServiceDeclaration' || another) {
    throw new Unsupported('a file with anything but one service');
  }
  const name = childOf(service, 'ServiceId').text;
  if (name !== 'cloud.firestore' && name !== 'firebase.storage') {
    throw new Unsupported(`service ${name}`);
  }
  return { service: name, ...readBody(service, 'ServiceStatement') };
}
