import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import type { Lane } from './lanes';

export type SuiteName =
  | 'unit'
  | 'node24'
  | 'process'
  | 'packages'
  | 'emulator'
  | 'browser'
  | 'deep-unit'
  | 'deep-packages';

export interface Suite {
  readonly name: SuiteName;
  readonly title: string;
  /** The command that runs it: `npm test` or `npm run test:deep`. */
  readonly command: 'test' | 'deep';
  /** The folder with the jest configuration. */
  readonly folder: string;
  /** Which files belong to it, by their path inside the folder, with "/" on every system. */
  readonly owns: (file: string) => boolean;
  readonly jestArgs: readonly string[];
  /** Suites that wait leave half of two cores idle, which those that compute then use. */
  readonly lane: Lane;
  /** What the machine must have for it. */
  readonly needs?: 'node24' | 'chromium';
}

const functionsFolder = path.join(PROJECT_ROOT, 'functions');
const isEmulatorTest = (file: string) => file.endsWith('.emulator.test.ts');
const isBrowserTest = (file: string) => file.endsWith('.browser.test.ts');
const isProcessTest = (file: string) => file.startsWith('test/process/') || isEmulatorTest(file);

/** Whether it has a long property: such files import the number of runs from this module. */
const isDeepTest = (folder: string) => (file: string) =>
  /from '(@tiki-bridge\/testing|\.\.)\/deep'/.test(readFileSync(path.join(folder, file), 'utf8'));

/** These tests wait more than they compute, so jest need not leave a core alone. */
const ALL_CORES = '--maxWorkers=100%';

/** Long properties take minutes; see testTimeout in jest.config.js. */
const DEEP_TIMEOUT = '--testTimeout=1200000';

export const SUITES: readonly Suite[] = [
  {
    name: 'unit',
    title: 'the functions, file by file, and the attacks',
    command: 'test',
    folder: functionsFolder,
    owns: (file) => !isProcessTest(file),
    jestArgs: ['--coverage', ALL_CORES],
    lane: 'computes',
  },
  {
    name: 'node24',
    title: 'the same on Node 24, the deployed runtime',
    command: 'deep',
    folder: functionsFolder,
    owns: (file) => !isProcessTest(file),
    jestArgs: [ALL_CORES],
    lane: 'computes',
    needs: 'node24',
  },
  {
    name: 'process',
    title: 'the built functions in processes of their own and in the emulators',
    command: 'test',
    folder: functionsFolder,
    owns: isProcessTest,
    jestArgs: ['--runInBand'],
    lane: 'waits',
  },
  {
    name: 'packages',
    title: 'the packages, the examples and the tools',
    command: 'test',
    folder: PROJECT_ROOT,
    owns: (file) => !isEmulatorTest(file) && !isBrowserTest(file),
    jestArgs: [ALL_CORES],
    lane: 'computes',
  },
  {
    name: 'emulator',
    title: 'the whole chain in the Firebase emulators',
    command: 'test',
    folder: PROJECT_ROOT,
    owns: isEmulatorTest,
    // Each file starts emulators of its own; several at once would only compete for the processor.
    jestArgs: ['--runInBand'],
    lane: 'waits',
  },
  {
    name: 'browser',
    title: 'the demo page, the web pages and their sessions in Chromium',
    command: 'test',
    folder: PROJECT_ROOT,
    owns: isBrowserTest,
    jestArgs: ['--runInBand'],
    lane: 'waits',
    needs: 'chromium',
  },
  {
    name: 'deep-unit',
    title: 'the long properties of the functions, with all their runs',
    command: 'deep',
    folder: functionsFolder,
    owns: isDeepTest(functionsFolder),
    jestArgs: ['--runInBand', DEEP_TIMEOUT],
    lane: 'computes',
  },
  {
    name: 'deep-packages',
    title: 'the long properties of everything else, with all their runs',
    command: 'deep',
    folder: PROJECT_ROOT,
    owns: isDeepTest(PROJECT_ROOT),
    // One file starts emulators; the others compute.
    jestArgs: [ALL_CORES, DEEP_TIMEOUT],
    lane: 'computes',
  },
];

/** Where the tests of everything that is not deployed are; jest.config.js has the same list. */
const ROOT_PLACES = ['bench', 'examples', 'packages', 'rules', 'test'];

/** The test files of a folder that jest is configured for, as paths inside it. */
function testFiles(folder: string): string[] {
  const places = folder === functionsFolder ? ['src', 'test'] : ROOT_PLACES;
  return places
    .flatMap((place) =>
      readdirSync(path.join(folder, place), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${place}/${file.replaceAll(path.sep, '/')}`,
      ),
    )
    .filter((file) => file.endsWith('.test.ts') && !file.includes('/node_modules/'))
    .sort();
}

/** The files of a suite, absolute. */
export function filesOf({ folder, owns }: Suite): string[] {
  return testFiles(folder)
    .filter(owns)
    .map((file) => path.join(folder, file));
}
