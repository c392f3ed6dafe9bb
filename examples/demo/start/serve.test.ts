import { spawnSync } from 'node:child_process';
import path from 'node:path';

const serve = (...args: string[]) =>
  spawnSync(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, 'serve.ts'), ...args],
    // Ends emulators that should not have been started.
    { encoding: 'utf8', timeout: 60_000 },
  );

describe('npm run serve', () => {
  it('explains itself with --help, and starts nothing', () => {
    expect(serve('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^npm run serve /) as string,
    });
  });

  it.each(['--port', 'emulators'])('refuses the unknown argument %s by name', (argument) => {
    expect(serve(argument)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(`'${argument}'`) as string,
    });
  });
});
