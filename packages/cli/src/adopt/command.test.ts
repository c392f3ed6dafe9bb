import { Command, CommanderError } from 'commander';
import { addAdopt, type AdoptOptions, type AdoptTask } from './command';

async function parse(...args: readonly string[]) {
  let parsed: readonly [AdoptTask, AdoptOptions] | string | undefined;
  const program = new Command().exitOverride();
  addAdopt(
    program,
    (task, options) => {
      parsed = [task, options];
      return Promise.resolve();
    },
    (folder) => {
      parsed = folder;
      return Promise.resolve();
    },
  );
  await program.parseAsync(args, { from: 'user' });
  return parsed;
}

beforeEach(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

it('asks for what was typed, and for nothing else', async () => {
  expect(await parse('init')).toEqual([
    { name: 'init', folder: '.', check: false, asked: {} },
    { yes: false, install: true },
  ]);
  expect(
    await parse(
      ...['init', 'shop', '--check', '--with', 'sessions,payments', '--prefix', '/tiki'],
      ...['--target', 'blog', '--group', '--skip', 'storage', '--yes', '--no-install'],
    ),
  ).toEqual([
    {
      name: 'init',
      folder: 'shop',
      check: true,
      asked: {
        features: ['sessions', 'payments'],
        prefix: '/tiki',
        target: 'blog',
        group: true,
        skipped: ['storage'],
      },
    },
    { yes: true, install: false },
  ]);
  // What takes these choices back.
  expect(
    await parse('init', '--with', 'none', '--skip', 'none', '--prefix', '', '--no-group'),
  ).toMatchObject([{ asked: { features: [], skipped: [], prefix: '', group: false } }, {}]);
});

it('updates, removes and tries', async () => {
  expect(await parse('update', 'a', '--packed', 'b.tgz')).toEqual([
    { name: 'update', folder: 'a', asked: {} },
    { yes: false, install: true, packed: 'b.tgz' },
  ]);
  // What a refusal of it proposes.
  expect(await parse('update', '--skip', 'firestore', '--accept-open-rules')).toMatchObject([
    { name: 'update', asked: { skipped: ['firestore'], acceptsOpenRules: true } },
    {},
  ]);
  expect(await parse('remove', '--yes')).toMatchObject([{ name: 'remove' }, { yes: true }]);
  expect(await parse('try', 'a')).toBe('a');
});

it.each([
  [
    ['init', '--with', 'everything'],
    /Choose from sessions, payments, backend, push, premium, or none/,
  ],
  [['init', '--with', 'none,push'], /Choose from sessions/],
  [['init', '--skip', 'functions'], /Choose from hosting/],
  [['init', '--prefix', 'tiki'], /a path such as/],
  [['init', '--prefix', '/__/tiki'], /a path such as/],
  [['init', '--prefix', '/tiki/**'], /a path such as/],
  [['remove', '--with', 'push'], /unknown option/],
])('refuses %j', async (args, message) => {
  const error = await parse(...args).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(CommanderError);
  expect(String(error)).toMatch(message);
});
