import path from 'node:path';
import { cyclesIn, graphOf } from './cycles';
import { type Import, IMPORTS } from './imports';
import { PROJECT_FILES } from './project-tree';

/*
 * Who may import whom; types count. Rows are from top to bottom: a place may import from the
 * rows below its own, but not its siblings in the same row. Names are those of files and folders in
 * functions/src.
 */
const ROWS = [
  ['index'],
  ['functions', 'operator'],
  ['auth', 'gateway', 'payments', 'backend', 'sessions', 'push', 'user', 'server', 'parameters'],
  ['premium', 'limits', 'providers', 'traces'],
  ['google'],
  ['upstream', 'http'],
  ['log', 'config'],
  ['problem', 'client-gone', 'clock', 'lazy', 'uid', 'deployed-as', 'account-domain'],
  ['remedy'],
];
const SIDEWAYS = ['payments → sessions', 'backend → sessions', 'sessions → auth'];

/** What everything outside functions/ may import of it; its own tests may import all of it. */
const FUNCTIONS_ENTRIES = ['functions/src/operator.ts', 'functions/src/problem.ts'];

const isTest = (file: string) => file.endsWith('.test.ts');
const lines = (imports: readonly Import[]) =>
  imports.map(({ from, specifier }) => `${from} imports ${specifier}`);

/** The part of the project that a file belongs to: a package, an example, or another folder. */
function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return ['packages', 'examples', 'functions'].includes(first) ? `${first}/${second}` : first;
}

describe('functions/src', () => {
  const inside = (file: string | undefined) => file?.startsWith('functions/src/') === true;
  const placeOf = (file: string) => file.split('/')[2]?.replace(/\.ts$/, '') ?? '';
  const rowOf = (place: string) => ROWS.findIndex((row) => row.includes(place));
  const steps = IMPORTS.filter(({ from, to }) => inside(from) && !isTest(from) && inside(to)).map(
    (found) => ({ ...found, places: [placeOf(found.from), placeOf(found.to ?? '')] as const }),
  );

  it('consists of the places in the table', () => {
    const places = PROJECT_FILES.filter((file) => inside(file) && !isTest(file)).map(placeOf);

    expect([...new Set(places)].filter((place) => rowOf(place) === -1)).toEqual([]);
  });

  it('imports downwards only', () => {
    const wrong = steps.filter(({ places: [from, to] }) => {
      if (from === to || SIDEWAYS.includes(`${from} → ${to}`)) return false;
      return rowOf(from) >= rowOf(to);
    });

    expect(lines(wrong)).toEqual([]);
  });

  it('has server/ behind functions.ts', () => {
    const wrong = steps.filter(
      ({ places: [from, to] }) => to === 'server' && from !== 'server' && from !== 'functions',
    );

    expect(lines(wrong)).toEqual([]);
  });

  it('imports nothing of the rest of the project', () => {
    const wrong = IMPORTS.filter(
      // Its version.
      ({ from, to }) =>
        inside(from) &&
        !isTest(from) &&
        to !== undefined &&
        !inside(to) &&
        to !== 'functions/package.json',
    );

    expect(lines(wrong)).toEqual([]);
  });
});

describe('the parts of the project', () => {
  const across = IMPORTS.filter(({ from, specifier, to }) => {
    const target = to ?? path.posix.join(path.posix.dirname(from), specifier);
    return specifier.startsWith('.') && partOf(target) !== partOf(from);
  });

  it('reach the functions by their named entries', () => {
    const wrong = across.filter(
      ({ from, to }) =>
        !from.startsWith('functions/') &&
        to?.startsWith('functions/') === true &&
        !FUNCTIONS_ENTRIES.includes(to),
    );

    expect(lines(wrong)).toEqual([]);
  });

  it('reach packages and examples by name', () => {
    const isPackage = (file: string) => /^(packages|examples)\//.test(file);
    const wrong = across.filter(
      ({ from, to }) =>
        (isPackage(from) && to?.startsWith('functions/') !== true) ||
        (to !== undefined && isPackage(to)),
    );

    expect(lines(wrong)).toEqual([]);
  });

  it('import no test', () => {
    expect(lines(IMPORTS.filter(({ to }) => to !== undefined && isTest(to)))).toEqual([]);
  });
});

describe('imports', () => {
  it('name what there is', () => {
    const wrong = IMPORTS.filter(
      ({ specifier, to }) => /^(\.|@tiki-bridge\/)/.test(specifier) && to === undefined,
    );

    expect(lines(wrong)).toEqual([]);
  });

  // Nobody imports a test, so it is part of no cycle.
  const edges = IMPORTS.flatMap(({ from, to }) =>
    to === undefined || isTest(from) ? [] : [[from, to] as const],
  );

  it('form no cycle of files', () => {
    expect(cyclesIn(graphOf(edges))).toEqual([]);
  });

  it('form no cycle of folders that stand side by side, nor of parts', () => {
    const parts = edges.map(([from, to]) => [partOf(from), partOf(to)] as const);
    const folders = edges.flatMap(([from, to]) => {
      const [a, b] = [from, to].map((file) => path.posix.dirname(file).split('/'));
      if (a === undefined || b === undefined || partOf(from) !== partOf(to)) return [];
      const level = a.findIndex((name, index) => name !== b[index]);
      if (level === -1 || level >= b.length) return [];
      return [[a.slice(0, level + 1).join('/'), b.slice(0, level + 1).join('/')] as const];
    });

    expect(cyclesIn(graphOf([...parts, ...folders]))).toEqual([]);
  });
});
