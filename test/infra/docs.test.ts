import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from '../project-tree';
import { tableRows } from '../table-rows';
import { ACCESS } from './access';

const rowsOf = (page: string): string[][] =>
  tableRows(readFileSync(path.join(PROJECT_ROOT, page), 'utf8').replaceAll('`', ''));

/** The rows about what functions may do: function, account, role, where. */
const grantsIn = (page: string, places: Readonly<Record<string, string>>) =>
  rowsOf(page)
    .filter(([name = '', account = '']) => account.startsWith('tiki-') && name in ACCESS.functions)
    .map(([name, account, role, on = '']) => [name, account, role, places[on] ?? on]);

const VIETNAMESE = {
  'dự án': 'project',
  'chính nó': 'itself',
  'dịch vụ của nó': 'its service',
  'dịch vụ riêng của bạn': 'the private service',
};

it.each([
  ['docs/infrastructure.md', {}],
  ['docs/infrastructure.vi.md', VIETNAMESE],
])('%s says what each function may do, as infra/access.json does', (page, places) => {
  const ofTable = Object.entries(ACCESS.functions).flatMap(([name, { account }]) => {
    const grants = ACCESS.grants.filter((grant) => grant.function === name);
    const rows = grants.map(({ role, on }) => [name, account, role.replace('roles/', ''), on]);
    return rows.length > 0 ? rows : [[name, account, '–', '–']];
  });

  expect(grantsIn(page, places)).toEqual(ofTable);
});

it('docs/infrastructure.md gives the reasons of the table', () => {
  const rows = rowsOf('docs/infrastructure.md');

  for (const { function: name, role, on, why } of ACCESS.grants)
    expect(rows).toContainEqual([
      name,
      ACCESS.functions[name]?.account,
      role.replace('roles/', ''),
      on,
      why,
    ]);
});

/** Each call of infra/setup.sh in the documents: its options, and what follows `--with`. */
const CALLS = PROJECT_FILES.filter((file) => file.endsWith('.md')).flatMap((page) =>
  [
    ...readFileSync(path.join(PROJECT_ROOT, page), 'utf8').matchAll(
      /infra\/setup\.sh (-[^\n`#]*)/g,
    ),
  ].map(([, words = '']) => ({
    page,
    options: words.match(/(?<=^|\s)--[a-z-]+/g) ?? [],
    features: (/--with ([a-z,-]+)/.exec(words)?.[1] ?? '').split(',').filter((it) => it !== ''),
  })),
);

it('the documents call infra/setup.sh with options and features that it has', () => {
  const script = readFileSync(path.join(PROJECT_ROOT, 'infra/setup.sh'), 'utf8');
  const known = [...script.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = '']) => option);
  const options = ['--project', '--help', ...known];
  const wrong = CALLS.filter(
    (call) =>
      call.options.some((option) => !options.includes(option)) ||
      call.features.some((feature) => !(feature in ACCESS.features)),
  );

  expect(CALLS.length).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
});

it('docs/cost.md has a row for each function', () => {
  const names = rowsOf('docs/cost.md').map(([name]) => name);

  expect(Object.keys(ACCESS.functions).filter((name) => !names.includes(name))).toEqual([]);
});
