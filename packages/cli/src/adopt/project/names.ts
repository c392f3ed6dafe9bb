import { withDefaultSource } from '../../deployment';
import { type FirebaseJson, listOf } from './firebase-json';
import { FOLDER, type Project, type SourceFile } from './project';

/** `exports.x =`, `export const x`, `export { y as x }`, `module.exports = { x }`, Python's `def x(`. */
function exportsName({ text, path }: SourceFile, name: string): boolean {
  if (path.endsWith('.py')) return new RegExp(String.raw`^def ${name}\(`, 'm').test(text);
  const patterns = [
    String.raw`\bexports\.${name}\s*=`,
    String.raw`\bexport\s+(?:declare\s+)?(?:const|let|var|(?:async\s+)?function)\s+${name}\b`,
    String.raw`\bexport\s*\{[^}]*\b${name}\s*[,}]`,
    String.raw`\bmodule\.exports\s*=\s*\{[^}]*\b${name}\s*[,:}(]`,
  ];
  return new RegExp(patterns.join('|')).test(text);
}

/**
 * The names of ours that functions of the project have too. Two codebases cannot both have a function of
 * one name. Judged by the text of the sources, since their functions need not be built; a name too many
 * only means a longer name for ours.
 */
export function takenNames(
  json: FirebaseJson,
  project: Project,
  names: readonly string[],
): readonly string[] {
  // Functions of a kit, or of a codebase with a prefix, have longer names.
  const sources = withDefaultSource(listOf(json.functions)).flatMap(
    ({ source, codebase, prefix, kit }) =>
      source === undefined || codebase === FOLDER || prefix !== undefined || kit !== undefined
        ? []
        : project.sources(source),
  );
  return names.filter((name) => sources.some((file) => exportsName(file, name)));
}
