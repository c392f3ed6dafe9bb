import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { filesOf, SUITES } from './suites';

/** Every test file of the project, wherever it is. */
function everyTestFile(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return everyTestFile(file);
    return /\.test\.\w+$/.test(entry.name) ? [file] : [];
  });
}

describe('the suites of npm test', () => {
  it('have every test file of the project in exactly one suite, besides the one for Node 24', () => {
    const owned = SUITES.filter(({ name }) => name !== 'node24').flatMap(filesOf);

    expect(owned.sort()).toEqual(everyTestFile(PROJECT_ROOT).sort());
  });

  it('run the same files on Node 24 as on the running Node', () => {
    const [unit, node24] = (['unit', 'node24'] as const).map((wanted) =>
      SUITES.filter(({ name }) => name === wanted).flatMap(filesOf),
    );

    expect(node24).toEqual(unit);
    expect(unit?.length).toBeGreaterThan(10);
  });
});
