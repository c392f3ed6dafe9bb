import { createProgram } from '../program';
import { commandOf, isWrite } from './repeat';
import type { PremiumOptions, Task } from './command';

async function parse(words: readonly string[]): Promise<[Task, PremiumOptions]> {
  let parsed: [Task, PremiumOptions] | undefined;
  const program = createProgram({
    orders: () => Promise.reject(new Error('not orders')),
    push: () => Promise.reject(new Error('not push')),
    user: () => Promise.reject(new Error('not a user')),
    audit: () => Promise.reject(new Error('not the audit')),
    premium: (...given) => {
      parsed = given;
      return Promise.resolve();
    },
    doctor: () => Promise.reject(new Error('not the doctor')),
    deploy: () => Promise.reject(new Error('not a deployment')),
    token: () => Promise.reject(new Error('not a token')),
  });
  await program.parseAsync(['premium', ...words], { from: 'user' });
  if (!parsed) throw new Error('no task');
  return parsed;
}

describe('the printed command', () => {
  it.each([
    'grant tiki:1 --days 30 --id gift-1 --project my-app',
    'grant tiki:1 --until 2027-01-31T00:00:00.000Z --id operator-1:a_b.c',
    'revoke tiki:1 order-7 --json',
    'revoke tiki:1 --all --json --project my-app',
    'delete tiki:1 --yes',
    'reconcile --fix --yes',
  ])('repeats "%s"', async (line) => {
    const [task, options] = await parse(line.split(' '));
    expect(isWrite(task)).toBe(true);
    expect(commandOf(task, options)).toBe(`npm run premium -- ${line}`);
  });

  it('keeps the instant of another zone', async () => {
    const line = 'grant tiki:1 --until 2027-01-31T00:00:00+07:00 --id a';
    const [task, options] = await parse(line.split(' '));
    expect(commandOf(task, options)).toContain('--until 2027-01-30T17:00:00.000Z');
  });

  it('quotes what a shell would read', async () => {
    const [task, options] = await parse(['show', 'tiki:1', '--project', "a'; touch pwned"]);
    expect(isWrite(task)).toBe(false);
    expect(commandOf(task, options)).toBe(
      String.raw`npm run premium -- show tiki:1 --project 'a'\''; touch pwned'`,
    );
  });
});
