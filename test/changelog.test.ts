import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from './project-tree';

const read = (file: string) => readFileSync(path.join(PROJECT_ROOT, file), 'utf8');

/** The headings of CHANGELOG.md below its title: versions and their parts. */
const headings = [...read('CHANGELOG.md').matchAll(/^#{2,} .*$/gm)].map(([line]) => line);
const versions = headings.filter((line) => line.startsWith('## '));

/** Version and date of each release, newest first; null for a heading of another form. */
const released = versions
  .slice(1)
  .map((line) => /^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$/.exec(line));

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
const manifests = PROJECT_FILES.filter((file) => /(^|\/)package\.json$/.test(file)).map(
  (file) => [file, JSON.parse(read(file)) as Manifest] as const,
);

describe('CHANGELOG.md', () => {
  it('begins with what is not released', () => {
    expect(versions[0]).toBe('## [Unreleased]');
  });

  it('has versions and dates in order, the newest first', () => {
    expect(released).not.toContain(null);
    const numbers = released.map((match) => match?.[1] ?? '');
    const dates = released.map((match) => match?.[2] ?? '');
    const { compare } = new Intl.Collator('en', { numeric: true });

    expect(numbers).toEqual([...numbers].sort(compare).reverse());
    expect(dates).toEqual([...dates].sort().reverse());
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('uses the parts of Keep a Changelog', () => {
    const parts = headings.filter((line) => !line.startsWith('## '));

    expect(
      parts.filter((line) => !/^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/.test(line)),
    ).toEqual([]);
  });
});

describe('every package', () => {
  const newest = released[0]?.[1];

  it('has the version of the newest section', () => {
    const others = manifests.filter(([, { version = newest }]) => version !== newest);

    expect(others.map(([file, { version }]) => `${file}: ${version}`)).toEqual([]);
    expect(manifests.filter(([, { version }]) => version === newest).length).toBeGreaterThan(8);
  });

  it('depends on the others in that version', () => {
    const names = ['tiki-firebase-client', 'tiki-firebase-sdk'];
    const stale = manifests.flatMap(([file, { dependencies, devDependencies }]) =>
      Object.entries({ ...dependencies, ...devDependencies })
        .filter(([name]) => name.startsWith('@tiki-bridge/') || names.includes(name))
        .filter(([, range]) => range !== newest && !range.startsWith('file:'))
        .map(([name, range]) => `${file}: ${name} ${range}`),
    );

    expect(stale).toEqual([]);
  });

  it.each(['package-lock.json', 'functions/package-lock.json'])('%s says the same', (file) => {
    const { packages } = JSON.parse(read(file)) as {
      readonly packages: Readonly<Record<string, Manifest>>;
    };
    const ours = Object.entries(packages).filter(([at]) => !at.includes('node_modules'));

    expect(ours.filter(([, { version }]) => version !== newest).map(([at]) => at)).toEqual([]);
  });
});
