import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const SOURCES = path.resolve(__dirname, '../../src');

/** What a literal names: its keys, and `...x` for what it takes over from elsewhere. */
function namesIn(literal: ts.ObjectLiteralExpression): string[] {
  return literal.properties.flatMap((property) =>
    ts.isSpreadAssignment(property)
      ? spread(property.expression)
      : [property.name.getText().replace(/^'|'$/g, '')],
  );
}

function spread(expression: ts.Expression): string[] {
  if (ts.isParenthesizedExpression(expression)) return spread(expression.expression);
  if (ts.isObjectLiteralExpression(expression)) return namesIn(expression);
  if (ts.isBinaryExpression(expression)) return spread(expression.right);
  if (ts.isCallExpression(expression)) return [`...${expression.expression.getText()}`];
  return [`...${expression.getText()}`];
}

/** What is given an entry: `log`, `write` and `logFor(env)`. */
const WRITERS = /(?:^|\.)(?:log|write)$|^logFor\(\w+\)$/;

/** An entry is what one of these is given, or what a function returns as a `LogEntry`. */
function isEntry(literal: ts.ObjectLiteralExpression): boolean {
  const { parent } = literal;
  if (ts.isCallExpression(parent)) {
    const isOnly = parent.arguments.length === 1;
    return isOnly && WRITERS.test(parent.expression.getText());
  }
  if (ts.isVariableDeclaration(parent)) return parent.name.getText() === 'entry';
  if (!ts.isReturnStatement(parent)) return false;
  let scope: ts.Node = parent;
  while (!ts.isFunctionLike(scope) && !ts.isSourceFile(scope)) scope = scope.parent;
  return ts.isFunctionLike(scope) && /LogEntry|unknown>>/.test(scope.type?.getText() ?? '');
}

/** The names in all log entries of each file of functions/src, by its path. */
export function entriesInCode(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })) {
    if (!/(?<!\.test|\.d)\.ts$/.test(file)) continue;
    const text = readFileSync(path.join(SOURCES, file), 'utf8');
    if (!/LogEntry|\blog\(|\bwrite\(|\blogFor\(/.test(text)) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isObjectLiteralExpression(node) && isEntry(node)) {
        const name = file.split(path.sep).join('/');
        const names = found.get(name) ?? new Set();
        for (const each of namesIn(node)) names.add(each);
        found.set(name, names);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  }
  return found;
}
