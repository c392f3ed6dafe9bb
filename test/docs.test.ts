import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROBLEMS } from '../functions/src/problem';
import { PROJECT_FILES } from './project-tree';
import { tableRows } from './table-rows';

const read = (file: string) => readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
const exists = (file: string) => existsSync(path.join(PROJECT_ROOT, file));

const PAGES = PROJECT_FILES.filter((file) => file.endsWith('.md'));
const READMES = ['README.md', 'README.vi.md'];
/** The pages whose tables name a test for each claim. */
const PROVEN = ['SECURITY.md', 'docs/compliance.md'];

const ROOT_FOLDERS = new Set(PROJECT_FILES.map((file) => file.split('/')[0] ?? ''));

/** A page without its code blocks. */
const proseOf = (page: string) => read(page).replace(/^ *```.*?^ *```/gms, '');

const codeSpansOf = (page: string) =>
  [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, s = '']) => s);

const tableRowsOf = (page: string) => tableRows(proseOf(page));

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The scripts that `npm run` finds in the root, or in the package that a page belongs to. */
function scriptsFor(page: string): Set<string> {
  const manifests = ['package.json', path.posix.join(path.posix.dirname(page), 'package.json')];
  return new Set(
    manifests.filter(exists).flatMap((file) => {
      const { scripts = {} } = JSON.parse(read(file)) as { scripts?: Record<string, string> };
      return Object.keys(scripts);
    }),
  );
}

/** The file that a code span names, relative to the root; undefined if it names none. */
function fileNamedBy(span: string, page: string): string | undefined {
  if (!/^[\w.@-]+(\/[\w.@-]+)*\/?$/.test(span) || !span.includes('/')) return undefined;
  const [first = ''] = span.split('/');
  if (ROOT_FOLDERS.has(first)) return span;
  if (PROVEN.includes(page)) return `functions/test/${span}.test.ts`;
  // Elsewhere, `src/` is a folder in the reader's project.
  const inPackage = /^(packages|examples)\//.test(page) && first === 'src';
  return inPackage ? path.posix.join(path.posix.dirname(page), span) : undefined;
}

it.each(READMES)('%s has fewer than 200 lines', (page) => {
  expect(read(page).split('\n').length).toBeLessThan(200);
});

it('SECURITY.md has fewer than 27,000 bytes', () => {
  expect(Buffer.byteLength(read('SECURITY.md'))).toBeLessThan(27_000);
});

describe.each(PAGES)('%s', (page) => {
  it('has no table cell of more than 200 characters', () => {
    const cells = tableRowsOf(page).flat();

    expect(cells.filter((cell) => cell.length > 200)).toEqual([]);
  });

  it('links to files and headings that exist', () => {
    const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, target = '']) => target,
    );
    const broken = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      if (!exists(linked)) return true;
      return anchor !== undefined && !anchorsOf(linked).includes(anchor);
    });

    expect(broken).toEqual([]);
  });

  it('names files that exist', () => {
    const named = codeSpansOf(page).map((span) => fileNamedBy(span, page));

    expect(named.filter((file) => file !== undefined && !exists(file))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const scripts = scriptsFor(page);
    const named = [...read(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(
      ([, s = '']) => s,
    );

    expect(named.filter((script) => !scripts.has(script))).toEqual([]);
  });

  it('has no path of the old layout and nothing left to fill in', () => {
    const stale =
      page === 'CHANGELOG.md'
        ? []
        : (read(page).match(/(?<![\w/.-])(dev\/|tini-app\/|web\/public)/g) ?? []);

    expect([...stale, ...(read(page).match(/\b(FIGURE|PROOF):[\w-]+/g) ?? [])]).toEqual([]);
  });
});

/** Blocks of code, without what a translation changes: comments, placeholders, labels of diagrams. */
const codeOf = (page: string) =>
  [...read(page).matchAll(/^ *```(\w*)\n(.*?)^ *```/gms)].map(([, language = '', code = '']) => {
    if (language === 'mermaid') return `${language}: ${code.split('\n').length} lines`;
    return `${language}: ${code.replace(/(^|\s+)(#|\/\/) .*$/gm, '').replace(/<[^>\n]*>/g, '<>')}`;
  });

/** `##`, `###`: the outline of a page. */
const outlineOf = (page: string) => proseOf(page).match(/^#+(?= )/gm) ?? [];

/** The code in a table's first column, which names what a row is about. */
const rowNamesOf = (page: string) =>
  tableRowsOf(page).map(([name = '']) => (name.match(/`[^`]+`/g) ?? []).toSorted());

const TRANSLATIONS = PAGES.filter((page) => page.endsWith('.vi.md'));

it('the pages of a first deployment are in Vietnamese too', () => {
  expect(TRANSLATIONS).toEqual(
    expect.arrayContaining(
      ['README', 'docs/deploy', 'docs/premium', 'docs/tini-app'].map((page) => `${page}.vi.md`),
    ),
  );
});

describe.each(TRANSLATIONS)('%s', (page) => {
  const english = page.replace('.vi.md', '.md');

  it.each([
    ['headings', outlineOf],
    ['code', codeOf],
    ['rows of tables', rowNamesOf],
  ] as const)('has the %s of the English page', (_, partOf) => {
    expect(partOf(page)).toEqual(partOf(english));
  });

  it('and its English page link to each other', () => {
    expect(read(page)).toContain(`(${path.posix.basename(english)})`);
    expect(read(english)).toContain(`(${path.posix.basename(page)})`);
  });

  it('links to Vietnamese pages where there are', () => {
    const targets = [...proseOf(page).matchAll(/\]\(([^)\s#]+\.md)/g)].map(([, target = '']) =>
      path.posix.join(path.posix.dirname(page), target),
    );
    const others = targets.filter((target) => target !== english);

    expect(others.filter((target) => exists(target.replace(/(\.vi)?\.md$/, '.vi.md')))).toEqual(
      others.filter((target) => target.endsWith('.vi.md')),
    );
  });
});

it('SECURITY.md names each attack test', () => {
  const tests = PROJECT_FILES.filter((file) => file.startsWith('functions/test/attacks/'));
  const named = codeSpansOf('SECURITY.md').map((span) => fileNamedBy(span, 'SECURITY.md'));

  expect(tests.filter((file) => !named.includes(file))).toEqual([]);
});

it.each(READMES)('%s lists each error code with its status', (page) => {
  const listed = tableRowsOf(page)
    .filter(([, status = '']) => /^\d{3}$/.test(status))
    .map(([code = '', status]) => [code.replaceAll('`', ''), Number(status)]);

  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status])),
  );
});

it('docs/deploy.md lists each parameter', () => {
  const ours = [...read('functions/.env').matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name);
  const spans = codeSpansOf('docs/deploy.md').map((span) => span.split('=')[0]);

  expect(
    ['TIKI_CLIENT_KEY', 'TIKI_CLIENT_SECRET', ...ours].filter((it) => !spans.includes(it)),
  ).toEqual([]);
});

it('the code names pages that exist', () => {
  const sources = PROJECT_FILES.filter((file) => /\.(ts|mjs|cjs|js|json|env|rules)$/.test(file));
  const wrong = sources.flatMap((file) =>
    [...read(file).matchAll(/(?<![\w/.])docs\/[\w.-]+\.md/g)]
      .filter(([page]) => !exists(page))
      .map(([page]) => `${file}: ${page}`),
  );

  expect(wrong).toEqual([]);
});
