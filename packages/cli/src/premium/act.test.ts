import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBridge } from '../run';

const runPremium = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  runBridge(['premium', ...args], env);

/** Nothing listens on port 1. */
const NOWHERE = {
  FIRESTORE_EMULATOR_HOST: '127.0.0.1:1',
  FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:1',
};
describe('npm run premium', () => {
  it('says that no emulator is running, and ends', async () => {
    const ended = await runPremium(['show', 'tiki:1'], NOWHERE);
    expect(ended).toMatchObject({
      code: 1,
      stderr:
        'Failed (store-unavailable): Nothing listens at 127.0.0.1:1. ' +
        'Are the emulators running?\n',
    });
  });

  it('prints the same as JSON, and notes for people on standard error', async () => {
    const ended = await runPremium(['show', 'tiki:1', '--json'], NOWHERE);
    expect(ended.stderr).toMatch(/^Acting on the emulators at 127.0.0.1:1/);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      target: { kind: 'emulators' },
      error: { code: 'store-unavailable' },
    });
  });

  it('names the command that repeats a change before it sends anything', async () => {
    const ended = await runPremium(['grant', 'tiki:1', '--days', '30'], NOWHERE);
    const [, repeat] = ended.stdout.split('\n');
    expect(repeat).toMatch(
      /^If this is interrupted, repeat it with: npm run premium -- grant tiki:1 --days 30 --id operator-[\w-]{36}$/,
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr.split('\n')).toEqual([
      expect.stringMatching(/^Not done \(store-unavailable\): Nothing listens at /),
      repeat?.replace('If this is interrupted, repeat', 'Repeat'),
      '',
    ]);
  });

  it('prints the outcome and the repetition as JSON too', async () => {
    const args = ['revoke', 'tiki:1', '--all', '--json'];
    const ended = await runPremium(args, NOWHERE);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      outcome: 'not done',
      repeat: 'npm run premium -- revoke tiki:1 --all --json',
      error: { code: 'store-unavailable' },
    });
  });

  it('deletes nothing without a yes, where nobody can be asked', async () => {
    const refused = await runPremium(['delete', 'tiki:1'], NOWHERE);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^This deletes .* of tiki:1 for good.* add --yes\n$/) as string,
    });
  });

  it('does nothing unless a target is named', async () => {
    // Where npm start announces its emulators.
    const TMPDIR = mkdtempSync(path.join(tmpdir(), 'premium-'));
    const refused = await runPremium(['show', 'tiki:1'], { TMPDIR });
    rmSync(TMPDIR, { recursive: true });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^Name a target/);
  });

  it.each([
    [
      '--json',
      'premium needs a command: grant, revoke, delete, show, reconcile or replay; see npm run premium -- --help',
    ],
    ['grant', "missing required argument 'uid'"],
    ['gran tiki:1', "unknown command 'gran' (Did you mean grant?)"],
    ['grant tiki:1 --days 0', '--days must be a whole number from 1 to 3660, not 0'],
    ['show tiki:1 --verbose', "unknown option '--verbose'"],
  ])('says in one line what is wrong with "%s"', async (line, reason) => {
    const refused = await runPremium(line.split(' '), {});
    expect(refused).toEqual({ code: 2, stdout: '', stderr: `${reason}\n` });
  });

  it('explains itself', async () => {
    const help = await runPremium([], {});
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/^Usage: npm run bridge -- premium /);
  });
});
