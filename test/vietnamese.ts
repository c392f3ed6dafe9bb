import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import ts from 'typescript';
import { PROJECT_FILES } from './project-tree';

const read = (file: string) => readFileSync(path.join(PROJECT_ROOT, file), 'utf8');

/** A letter that Vietnamese has and English lacks. */
const VIETNAMESE = /[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]/i;

/** What users read in Vietnamese, by file: whole pages, and the strings of the code. */
export function vietnameseTexts(): readonly (readonly [file: string, texts: string[]])[] {
  return PROJECT_FILES.flatMap((file) => {
    const texts = textsOf(file);
    return texts.length === 0 ? [] : [[file, texts] as const];
  });
}

function textsOf(file: string): string[] {
  if (/\.test\.ts$|\/test\/|^(rules|bench|packages\/testing)\//.test(file)) return [];
  if (file.endsWith('.vi.md')) return [proseOf(read(file))];
  if (/\.(txml|html)$/.test(file)) return read(file).split('\n').filter(isVietnamese);
  if (/\.(ts|js)$/.test(file)) return stringsOf(file).filter(isVietnamese);
  return [];
}

const isVietnamese = (text: string) => VIETNAMESE.test(text);

/** A name that contains a word of the glossary. */
const PRODUCT = /Token Service API/g;

/** Without code, the targets of links, and English terms given in parentheses. */
function proseOf(page: string): string {
  return page
    .replace(/^ *```.*?^ *```/gms, '')
    .replace(/`[^`\n]+`/g, '`')
    .replace(/\]\([^)\s]+\)/g, ']')
    .replace(/\([\x20-\x7e]+\)/g, '')
    .replace(PRODUCT, '');
}

/** The strings of a module, those of templates with `…` for their values. */
function stringsOf(file: string): string[] {
  const strings: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) strings.push(node.text);
    if (ts.isTemplateExpression(node)) {
      const parts = node.templateSpans.map(({ literal }) => literal.text);
      strings.push([node.head.text, ...parts].join('…'));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest));
  return strings.map((text) => text.replace(/\([\x20-\x7e]+\)/g, ''));
}
