import ts from 'typescript';
import { applyEdit, OTHER_BOUND, type Edit, type Mutant } from './mutant';

/** Edits of a rule's clauses. Rule expressions are a subset of JavaScript, so TypeScript parses them. */
function* expressionEdits(node: ts.Expression, source: ts.SourceFile): Generator<Edit> {
  const replace = (at: ts.Node, text: string): Edit => ({
    start: at.getStart(source),
    end: at.getEnd(),
    text,
  });
  if (ts.isParenthesizedExpression(node)) {
    yield* expressionEdits(node.expression, source);
    return;
  }
  const { AmpersandAmpersandToken, BarBarToken } = ts.SyntaxKind;
  if (
    ts.isBinaryExpression(node) &&
    [AmpersandAmpersandToken, BarBarToken].some((kind) => kind === node.operatorToken.kind)
  ) {
    yield* expressionEdits(node.left, source);
    yield* expressionEdits(node.right, source);
    return;
  }
  yield replace(node, 'true');
  yield replace(node, 'false');
  if (!ts.isBinaryExpression(node)) return;
  const bound = OTHER_BOUND[node.operatorToken.getText(source)];
  if (bound === undefined) return;
  yield replace(node.operatorToken, bound);
  if (ts.isNumericLiteral(node.right)) {
    yield replace(node.right, String(Number(node.right.text) + 1));
    yield replace(node.right, String(Number(node.right.text) - 1));
  }
}

function editsOfRule(expression: string): Edit[] {
  const source = ts.createSourceFile('rule.js', expression, ts.ScriptTarget.Latest, true);
  const [statement] = source.statements;
  if (!statement || !ts.isExpressionStatement(statement))
    throw new Error(`not an expression: ${expression}`);
  return [...expressionEdits(statement.expression, source)];
}

/** `".read": "…"` in the file; edits do not include the quotes. */
const RULE = /"(\.read|\.write|\.validate)": "([^"]*)"/g;

/**
 * All mutants of database.rules.json: each clause forced to true and to false, each bound moved by
 * one, each rule removed, and write access for each reader.
 */
export function databaseMutants(source: string): Mutant[] {
  return [...source.matchAll(RULE)].flatMap((found) => {
    const [text, kind = '', expression = ''] = found;
    const end = found.index + text.length;
    const start = end - 1 - expression.length;
    const whole = { start: found.index, end };
    const edits = editsOfRule(expression).map((edit) => ({
      ...edit,
      start: start + edit.start,
      end: start + edit.end,
    }));
    // Removing a rule denies access; removing a .validate allows any value.
    const without = { start, end: end - 1, text: kind === '.validate' ? 'true' : 'false' };
    const writers =
      kind === '.read' && !source.slice(end).trimStart().startsWith(',')
        ? [{ ...whole, text: `${text}, ${text.replace('.read', '.write')}` }]
        : [];
    return [...edits, without, ...writers].map((edit) => applyEdit(source, edit));
  });
}
