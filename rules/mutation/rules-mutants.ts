import {
  childOf,
  childrenOf,
  operandsOf,
  parseTree,
  type Node,
} from '@tiki-bridge/rules-evaluator/grammar';
import { applyEdit, OTHER_BOUND, type Edit, type Mutant } from './mutant';

function* everyNode(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) yield* everyNode(child);
}

const LOGIC = ['LogicalAndExpression', 'LogicalOrExpression', 'NotExpression'];
const WRAPPERS = ['PrimaryExpression', 'ParenSimpleExpression'];

/** The conditions combined by `&&`, `||` and `!`. */
function clauses(node: Node): Node[] {
  if (LOGIC.includes(node.type)) return operandsOf(node).flatMap(clauses);
  const [inner] = WRAPPERS.includes(node.type) ? operandsOf(node) : [];
  const found = inner ? clauses(inner) : [];
  // `(a && b)` has two clauses, `(a)` and `a` have one.
  return found.length > 1 ? found : [node];
}

const replace = ({ start, end }: Node, text: string): Edit => ({ start, end, text });

const MEANS: Readonly<Record<string, readonly string[]>> = {
  read: ['get', 'list'],
  write: ['create', 'update', 'delete'],
};

/** Removes a method from an `allow`, or adds write access to one that allows reads. */
function* methodEdits(allow: Node): Generator<Edit> {
  const list = childOf(allow, 'OperationId');
  const methods = childrenOf(list, 'Id').flatMap(({ text }) => MEANS[text] ?? [text]);
  if (methods.length > 1) {
    for (const gone of methods) {
      yield replace(list, methods.filter((method) => method !== gone).join(', '));
    }
  }
  if (methods.every((method) => MEANS['read']?.includes(method))) {
    yield replace(list, `${list.text}, write`);
  }
}

function* editsOf(node: Node): Generator<Edit> {
  switch (node.type) {
    case 'PermissionDeclaration':
      yield replace(node, `allow ${childOf(node, 'OperationId').text}: if false;`);
      yield* methodEdits(node);
      for (const body of childrenOf(node, 'PermissionBody')) yield* truthEdits(body);
      break;
    case 'ReturnStatement':
      yield* truthEdits(node);
      break;
    case 'RelationalExpression':
      for (const operator of childrenOf(node, 'token')) {
        yield replace(operator, OTHER_BOUND[operator.text] ?? operator.text);
      }
      break;
    case 'Literal':
      if (/^\d+$/.test(node.text)) {
        yield replace(node, String(Number(node.text) + 1));
        yield replace(node, String(Number(node.text) - 1));
      }
      break;
    case 'GlobCapture':
      yield replace(node, `{${childOf(node, 'LocalVariableId').text}}`);
      break;
  }
}

function* truthEdits(node: Node): Generator<Edit> {
  for (const clause of operandsOf(node).flatMap(clauses)) {
    yield replace(clause, 'true');
    yield replace(clause, 'false');
  }
}

/**
 * All mutants of firestore.rules or storage.rules: each clause removed (true within `&&`, false
 * within `||`) and forced; each `allow` removed, with fewer methods, or with write access for
 * readers; each bound moved by one; each `**` reduced to one segment.
 */
export function rulesMutants(source: string): Mutant[] {
  return [...everyNode(parseTree(source))]
    .flatMap((node) => [...editsOf(node)])
    .map((edit) => applyEdit(source, edit));
}
