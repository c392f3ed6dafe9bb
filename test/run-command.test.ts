import { existsSync, mkdtempSync, rmSync, watch } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type CommandOptions, runCommand } from './run-command';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'run-command-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const run = (code: string, options: Partial<CommandOptions> = {}) =>
  runCommand([process.execPath, '-e', code], {
    ...{ name: 'unit', lane: 'computes', alone: false, spawn: { cwd: folder } },
    ...options,
  });

/** What is printed, by line. */
function printed(): string[] {
  const lines: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
  return lines;
}

it('returns the exit code, and prints both outputs after the name of the suite', async () => {
  const lines = printed();

  expect(
    await run(`console.log('one\\n\\ntwo'); console.error('wrong'); process.exitCode = 3`),
  ).toBe(3);
  expect(lines.sort()).toEqual([
    'unit           |',
    'unit           | one',
    'unit           | two',
    'unit           | wrong',
  ]);
});

it('counts the end by a signal as a failure', async () => {
  expect(await run(`process.kill(process.pid, 'SIGKILL')`)).toBe(1);
});

it.each([
  ['computes', false, true],
  ['computes', true, false],
  ['waits', false, false],
] as const)('a suite that %s, alone: %s, yields the processor: %s', async (lane, alone, yields) => {
  const code = `process.exitCode = require('os').getPriority()`;

  // This test may be part of a suite that yields.
  const own = os.getPriority();
  const lower = Math.max(own, os.constants.priority.PRIORITY_BELOW_NORMAL);
  expect(await run(code, { lane, alone })).toBe(yields ? lower : own);
});

it('passes an interruption on, and throws when the process has ended', async () => {
  const started = new Promise<void>((resolve) => {
    const watcher = watch(folder, () => {
      watcher.close();
      resolve();
    });
  });
  const ended = run(
    `process.on('SIGTERM', () => { fs.writeFileSync('ended', ''); process.exit(); });
     setInterval(() => undefined, 1e6); fs.writeFileSync('started', '')`,
  );
  await started;
  process.emit('SIGTERM', 'SIGTERM');

  await expect(ended).rejects.toThrow('Interrupted by SIGTERM.');
  expect(existsSync(path.join(folder, 'ended'))).toBe(true);
});
