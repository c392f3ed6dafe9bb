import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { filesOf, type SuiteName, SUITES } from './suites';

/** Every test file of the project, wherever it is. */
function everyTestFile(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return everyTestFile(file);
    return /\.test\.\w+$/.test(entry.name) ? [file] : [];
  });
}

const namesOf = (name: SuiteName) =>
  SUITES.filter((suite) => suite.name === name)
    .flatMap(filesOf)
    .map((file) => path.relative(PROJECT_ROOT, file).replaceAll(path.sep, '/'));

describe('the suites of npm test', () => {
  it('have every test file of the project in exactly one suite, apart from the deep run', () => {
    const owned = SUITES.filter(({ command }) => command === 'test');

    expect(owned.flatMap(filesOf).sort()).toEqual(everyTestFile(PROJECT_ROOT).sort());
  });

  it('run the same files on Node 24 as on the running Node', () => {
    expect(namesOf('node24')).toEqual(namesOf('unit'));
    expect(namesOf('unit').length).toBeGreaterThan(10);
  });
});
