import { type AntlrNode, parseForESLint } from '@firebase/eslint-plugin-security-rules/parser';
import { Unsupported } from './failures';

/** A node of Firebase's parse tree. Source offsets; the end is exclusive. */
export interface Node {
  /** The grammar's rule or labelled alternative, e.g. `LogicalAndExpression`; `token` for a leaf. */
  readonly type: string;
  /** The source without whitespace and comments. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly children: readonly Node[];
}

function simplify(node: AntlrNode): Node {
  const first = node.symbol ?? node.start;
  const last = node.symbol ?? node.stop ?? first;
  const children = (node.children ?? []).map(simplify);
  return {
    type: node.symbol ? 'token' : node.constructor.name.replace(/Context$/, ''),
    text: node.symbol ? node.getText() : children.map(({ text }) => text).join(''),
    start: first.start,
    end: last.stop + 1,
    line: first.line,
    children,
  };
}

/** Parses rules with Firebase's published grammar. Throws its SyntaxError, with lineNumber. */
export function parseTree(source: string): Node {
  return simplify(parseForESLint(source).services.tree);
}

export const childrenOf = (node: Node, type: string): Node[] =>
  node.children.filter((child) => child.type === type);

/** The only child of a type; any other number means an unknown version of the grammar. */
export function childOf(node: Node, type: string): Node {
  const [child, second] = childrenOf(node, type);
  if (!child || second) throw new Unsupported(`${node.type} of this shape: ${node.text}`);
  return child;
}

/** The expressions directly inside a node: operands, arguments, the condition of an `allow`. */
export const operandsOf = (node: Node): Node[] =>
  node.children.filter(({ type }) => type.endsWith('Expression'));

/** The n-th of operandsOf; must exist. */
export function operand(node: Node, index: number): Node {
  const found = operandsOf(node)[index];
  if (!found) throw new Unsupported(`${node.type} of this shape: ${node.text}`);
  return found;
}
