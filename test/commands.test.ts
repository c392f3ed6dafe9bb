import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from './project-tree';

const read = (file: string) => readFileSync(path.join(PROJECT_ROOT, file), 'utf8');

/*
 * Every block of commands in the documents either needs a real project, which its commands show, or each
 * of its commands is run by a test.
 */

const PAGES = PROJECT_FILES.filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md');

/** Needs a deployment: the id of a project, its domain, or a tool that calls Google. */
const NEEDS_A_PROJECT =
  /<project(?: id)?>|\b(?:gcloud|terraform|npx firebase(?!-))\b|https:\/\/[\w.]*example\.vn/;

/** A shell's own, and git. */
const OF_THE_SHELL = /^(?:cd|cp|echo|export|git|grep|ls|mkdir|printf)\b|^[A-Z]+=/;

const CLI = 'packages/cli/src/documented.test.ts';
const CI = '.github/workflows/ci.yml';

/** Which file runs or parses a command that begins like this, and the words by which it shows that. */
const RUN_BY: readonly (readonly [command: string, file: string, words?: string])[] = [
  ['npm start', 'examples/demo/start/start.emulator.test.ts'],
  ['npm test', CI],
  ['npm run check', CI],
  ['npm run test:deep', CI],
  ['npm run bridge', CLI, 'bridge'],
  ['npm run --silent bridge', CLI, 'bridge'],
  ['npm run premium', CLI, 'premium'],
  ['npm run doctor', CLI, 'doctor'],
  ['npm run deploy', CLI, 'deploy'],
  ['npm run bench -- --disasters', 'bench/disasters/disasters.test.ts', '--disasters'],
  [
    'npx firebase-tools emulators:start',
    'packages/cli/src/adopt/adopt.emulator.test.ts',
    'emulators',
  ],
  [
    'npm exec --no --prefix tiki-bridge',
    'packages/cli/src/adopt/packed-command.test.ts',
    'npm exec',
  ],
  ['npx --package', 'packages/cli/src/adopt/packed-command.test.ts', "'init'"],
  ['npm run pack:bridge', 'functions/test/process/package/packed.ts', 'packBridge'],
  ['npm run serve', 'examples/demo/start/serve.test.ts'],
  ['npm run tini-app', 'packages/testing/src/tini-runtime/main.test.ts'],
  ['npm run pack:tini-app', 'packages/tini-client/test/pack.test.ts'],
  ['npm run tiki-simulator', 'packages/tiki-simulator/src/readme.test.ts'],
  ['curl http://127.0.0.1:9010', 'packages/tiki-simulator/src/readme.test.ts', '127.0.0.1:9010'],
  ['openssl dgst', 'packages/tiki-simulator/src/readme.test.ts', 'the authCode'],
  ['npm install ./tiki-firebase-client', 'packages/tini-client/test/pack.test.ts', 'install'],
  ['npm install ./tiki-firebase-bridge', 'functions/test/sessions/web-docs.test.ts', 'pack'],
  ['npm pack ./functions', 'functions/test/sessions/web-docs.test.ts', 'pack'],
  ['npm run build', 'functions/test/support/build.cjs', 'build'],
  ['npm run size', 'packages/tini-client/test/package.test.ts', 'size.mjs'],
  ['node packages/web-session/build.mjs', 'packages/web-session/test/package.test.ts', 'build'],
  ['node packages/web-session/size.mjs', 'packages/web-session/test/package.test.ts', 'size.mjs'],
  ['npx jest', 'test/run-jest.ts', 'jest'],
  ['npx tsc -p examples/tini-sample', 'package.json', 'examples/tini-sample/jsconfig.json'],
  ['npm ci', 'bootstrap.mjs', "'ci'"],
  ['node bootstrap.mjs', CI],
  // By hand: they measure, format, or need a checkout of another project.
  ['npm run format', 'package.json', '"format"'],
  ['npm run measure:web-session', 'package.json', '"measure:web-session"'],
];

/** The commands of a page's blocks, with their continuations and without comments. */
function blocksOf(page: string): string[][] {
  return [...read(page).matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, code = '']) =>
    code
      .replace(/(?:\\|\|)\n/g, ' ')
      .split('\n')
      .map((line) => line.replace(/(^|\s+)# .*$/, '').trim())
      .filter((line) => line !== ''),
  );
}

const BLOCKS = PAGES.flatMap((page) => blocksOf(page).map((commands) => ({ page, commands })));

it('every command in the documents needs a real project, or is run by a test', () => {
  const ours = BLOCKS.filter(({ commands }) => !NEEDS_A_PROJECT.test(commands.join('\n')));
  const alone = ours.flatMap(({ page, commands }) =>
    commands
      .flatMap((command) => command.split(' && '))
      .filter((command) => !OF_THE_SHELL.test(command))
      .filter((command) => !RUN_BY.some(([beginning]) => command.startsWith(beginning)))
      .map((command) => `${page}: ${command}`),
  );

  expect(ours.length).toBeGreaterThan(20);
  expect(alone).toEqual([]);
});

const WITH_WORDS = RUN_BY.map(
  ([command, file, words = command]) => [command, file, words] as const,
);

it.each(WITH_WORDS)('%s is run by %s', (command, file, words) => {
  const all = BLOCKS.flatMap(({ commands }) => commands).join('\n');

  expect(all).toContain(command);
  expect(PROJECT_FILES).toContain(file);
  expect(read(file)).toContain(words);
});

it('every command of the Firebase CLI exists', () => {
  const text = PAGES.map(read).join('\n');
  const named = [...text.matchAll(/npx firebase(?:-tools)? ([a-z][\w:-]*)/g)].map(
    ([, name = '']) => name,
  );
  // In a process of its own, since the CLI changes the one that loads it.
  const unknown = execFileSync(
    process.execPath,
    [
      ...[
        '-p',
        'process.argv.slice(1).filter((name) => !require("firebase-tools").getCommand(name))',
      ],
      ...new Set(named),
    ],
    { cwd: PROJECT_ROOT, encoding: 'utf8' },
  );

  expect(named.length).toBeGreaterThan(20);
  expect(unknown.trim()).toBe('[]');
});
