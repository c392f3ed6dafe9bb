import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from './project-tree';

/** A file, or files by condition. */
type Target = string | { readonly [condition: string]: Target };
interface Manifest {
  readonly main?: string;
  readonly exports?: Readonly<Record<string, Target>>;
}

const filesOf = (target: Target): string[] =>
  typeof target === 'string' ? [target] : Object.values(target).flatMap(filesOf);

const packages = PROJECT_FILES.filter((file) =>
  /^(packages\/[^/]+|examples\/(demo|web))\/package\.json$/.test(file),
).map((file) => path.posix.dirname(file));

it('names every source in kebab-case', () => {
  const sources = PROJECT_FILES.filter((file) => /\.(ts|mjs|cjs)$/.test(file));

  expect(sources.length).toBeGreaterThan(100);
  expect(
    sources.filter(
      (file) =>
        !file.split('/').every((name) => /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(name)),
    ),
  ).toEqual([]);
});

it('has a package for each folder of packages/', () => {
  const folders = PROJECT_FILES.filter((file) => file.startsWith('packages/')).map((file) =>
    file.split('/').slice(0, 2).join('/'),
  );

  expect(packages.filter((folder) => folder.startsWith('packages/'))).toEqual([
    ...new Set(folders),
  ]);
});

it.each(['package-lock.json', 'functions/package-lock.json'])(
  'installs from any registry: %s names none',
  (file) => {
    const lock = readFileSync(path.join(PROJECT_ROOT, file), 'utf8');

    expect(lock).toContain('"integrity": ');
    expect(lock).not.toMatch(/"resolved": "https?:/);
  },
);

describe.each(packages)('%s', (folder) => {
  const manifest = JSON.parse(
    readFileSync(path.join(PROJECT_ROOT, folder, 'package.json'), 'utf8'),
  ) as Manifest;
  const targets = Object.values(manifest.exports ?? {}).flatMap(filesOf);

  it('has a README.md', () => {
    expect(PROJECT_FILES).toContain(`${folder}/README.md`);
  });

  it('says what it exports, or what is its main file', () => {
    expect(manifest.exports ?? manifest.main).toBeDefined();
  });

  it('exports files that exist', () => {
    // The tests that build the others check that they exist.
    const sources = targets.filter((target) => !target.startsWith('./dist/'));

    expect(sources.filter((file) => !existsSync(path.join(PROJECT_ROOT, folder, file)))).toEqual(
      [],
    );
  });
});
