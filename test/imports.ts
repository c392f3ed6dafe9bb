import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import ts from 'typescript';
import { PROJECT_FILES } from './project-tree';

/** One import, of types too; both files are relative to the project's root. */
export interface Import {
  readonly from: string;
  /** As it is written. */
  readonly specifier: string;
  /** What it names, if that is a file of the project. */
  readonly to: string | undefined;
}

interface Package {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
}

const files = new Set(PROJECT_FILES);

/** What each package of the project exports: by specifier, the file. */
const exported = new Map(
  PROJECT_FILES.filter((file) =>
    /^((packages|examples)\/[^/]+|rules)\/package\.json$/.test(file),
  ).flatMap((file) => {
    // Our own files; what is wrong in them fails the tests of structure.test.ts.
    const manifest = JSON.parse(readFileSync(path.join(PROJECT_ROOT, file), 'utf8')) as Package;
    return Object.entries(manifest.exports ?? {}).flatMap(([key, target]) =>
      typeof target === 'string'
        ? [
            [
              path.posix.join(manifest.name, key),
              path.posix.join(path.posix.dirname(file), target),
            ] as const,
          ]
        : [],
    );
  }),
);

function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return exported.get(specifier);
  const target = path.posix.join(path.posix.dirname(from), specifier);
  return [
    target,
    `${target}.ts`,
    `${target}.js`,
    `${target}/index.ts`,
    target.replace(/\.js$/, '.ts'),
  ].find((file) => files.has(file));
}

const SOURCES = PROJECT_FILES.filter((file) => /\.(ts|mjs|cjs|js)$/.test(file));

/** Every import, re-export, `import()` and `require()` in the project's sources. */
export const IMPORTS: readonly Import[] = SOURCES.flatMap((from) => {
  const text = readFileSync(path.join(PROJECT_ROOT, from), 'utf8');
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
    from,
    specifier: fileName,
    to: resolve(from, fileName),
  }));
});
