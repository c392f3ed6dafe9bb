import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROBLEMS } from '../../../functions/src/problem';
import { MESSAGES } from '../src/messages';

const CODES = MESSAGES.flatMap(([, , codes]) => codes.split(' '));

/** The rows of all tables of a page. */
const tablesOf = (page: string) =>
  readFileSync(path.join(PROJECT_ROOT, page), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .join('\n');

it.each(['packages/tini-client/README.md', 'docs/tini-app.md', 'docs/tini-app.vi.md'])(
  'has every code in the tables of %s',
  (page) => {
    const tables = tablesOf(page);
    expect(CODES.filter((code) => !tables.includes(`\`${code}\``))).toEqual([]);
  },
);

it('has one message for each code', () => {
  expect(CODES).toHaveLength(new Set(CODES).size);
});

it("knows all of the bridge's codes", () => {
  expect(Object.keys(PROBLEMS).filter((code) => !CODES.includes(code))).toEqual([]);
});
