import { spawnSync } from 'node:child_process';
import path from 'node:path';

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', path.join(__dirname, 'main.ts'), ...args], {
    encoding: 'utf8',
    input: '',
  });

const APP = 'examples/tini-sample';

it('explains itself with --help', () => {
  expect(run('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^npm run tini-app /) as string,
  });
});

it.each([
  ['an unknown option', [APP, 'https://app.example.vn', '--port'], "'--port'"],
  ['no arguments', [], 'npm run tini-app -- '],
  ['a baseUrl that is none', [APP, 'http://app.example.vn/'], 'baseUrl must be like https://'],
  [
    'to run without npm start',
    [APP, 'https://app.example.vn', '--hosting', 'http://127.0.0.1:9'],
    'run: npm start',
  ],
  [
    'a folder without an app',
    ['packages', 'https://app.example.vn'],
    'packages has no src/app.json: name the folder of your app.',
  ],
])('refuses %s', (_, args, reason) => {
  expect(run(...args)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining(reason) as string,
  });
});
