import { CommanderError } from 'commander';
import { createProgram } from '../program';
import { UsageError } from '../usage-error';
import type { PremiumOptions, Task } from './command';

interface Parsed extends PremiumOptions {
  readonly command: Task;
}

/** What would be done, and how it would be printed. */
async function parse(line: string): Promise<Parsed | undefined> {
  let parsed: Parsed | undefined;
  const program = createProgram({
    orders: () => Promise.reject(new Error('not orders')),
    push: () => Promise.reject(new Error('not push')),
    user: () => Promise.reject(new Error('not a user')),
    audit: () => Promise.reject(new Error('not the audit')),
    premium: (command, options) => {
      parsed = { command, ...options };
      return Promise.resolve();
    },
    doctor: () => Promise.reject(new Error('not the doctor')),
    deploy: () => Promise.reject(new Error('not a deployment')),
    token: () => Promise.reject(new Error('not a token')),
  });
  await program.parseAsync(['premium', ...line.split(' ')], { from: 'user' });
  return parsed;
}

describe('the command line of npm run premium', () => {
  beforeEach(() => {
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['grant tiki:1 --days 30', { name: 'grant', uid: 'tiki:1', terms: { days: 30 } }],
    ['grant tiki:1 --days=1 --id a', { name: 'grant', uid: 'tiki:1', id: 'a', terms: { days: 1 } }],
    [
      'grant tiki:1 --until 2027-01-31T00:00:00+07:00',
      { name: 'grant', uid: 'tiki:1', terms: { until: Date.UTC(2027, 0, 30, 17) } },
    ],
    ['revoke tiki:1 order-7', { name: 'revoke', uid: 'tiki:1', which: { id: 'order-7' } }],
    ['revoke --all tiki:1', { name: 'revoke', uid: 'tiki:1', which: 'all' }],
    ['show tiki:1', { name: 'show', uid: 'tiki:1' }],
    ['delete tiki:1', { name: 'delete', uid: 'tiki:1', yes: false }],
    ['delete tiki:1 --yes', { name: 'delete', uid: 'tiki:1', yes: true }],
    ['reconcile', { name: 'reconcile', fix: false, yes: false }],
    ['reconcile --fix', { name: 'reconcile', fix: true, yes: false }],
    ['reconcile --fix --yes', { name: 'reconcile', fix: true, yes: true }],
    [
      'replay --from 2027-01-31T00:00:00+07:00',
      { name: 'replay', from: Date.UTC(2027, 0, 30, 17) },
    ],
  ])('understands "%s"', async (line, command) => {
    expect(await parse(line)).toEqual({ command, json: false });
  });

  it.each(['show tiki:1 --json --project my-app', '--project my-app --json show tiki:1'])(
    'takes --project and --json anywhere: %s',
    async (line) => {
      expect(await parse(line)).toMatchObject({ project: 'my-app', json: true });
    },
  );

  it.each([
    ['grant tiki:1 --days -5', /--days must be .* not -5/],
    ['grant tiki:1 --days 0', /--days must be/],
    ['grant tiki:1 --days 3661', /from 1 to 3660/],
    ['grant tiki:1 --days 99999999999999999999', /--days must be/],
    ['grant tiki:1 --days 1.5', /--days must be/],
    ['grant tiki:1 --days 1e2', /--days must be/],
    ['grant tiki:1 --days ten', /--days must be/],
    ['grant tiki:1 --days 030', /--days must be/],
    ['grant tiki:1 --days 1.0', /--days must be/],
    ['grant tiki:1 --days 0x1e', /--days must be/],
    ['grant tiki:1 --days +30', /--days must be/],
    ['grant tiki:1 --days 3_0', /--days must be/],
    ['grant tiki:1 --days ３０', /--days must be/],
    ['grant tiki:1 --days \t30', /--days must be/],
    ['grant tiki:1 --days 30\n', /--days must be/],
    ['grant tiki:1 --days=', /--days must be/],
    ['grant tiki:1 --days 3 --days 300', /--days may be given only once/],
    ['grant tiki:1 --days 3 --id a --id b', /--id may be given only once/],
    ['show tiki:1 --project my-app --project other', /--project may be given only once/],
    ['grant tiki:1 --days', /'--days <n>' argument missing/],
    ['grant tiki:1', /either --days or --until/],
    ['grant tiki:1 --days 1 --until 2027-01-31T00:00:00Z', /either --days or --until/],
    ['grant tiki:1 --until 2027-01-31', /time with its zone/],
    ['grant tiki:1 --until 2027-01-31T00:00:00', /time with its zone/],
    ['grant tiki:1 --until 2027-13-31T00:00:00Z', /time with its zone/],
    ['grant tiki:1 --until 2027-02-29T00:00:00Z', /time with its zone/],
    ['grant tiki:1 --until 2027-02-30T00:00:00+07:00', /on a day of the calendar/],
    ['grant tiki:1 --until 2027-01-31T24:00:00Z', /time with its zone/],
    ['grant tiki:1 --days 1 --id a/b', /A purchase id must be/],
    ['grant --days 1', /missing required argument 'uid'/],
    ['grant 123 --days 1', /must be "tiki:"/],
    ['grant tiki:0 --days 1', /must be "tiki:"/],
    ['show zalo:1', /must be "tiki:"/],
    ['show tiki:1 tiki:2', /too many arguments for 'show'/],
    ['revoke tiki:1', /either a purchase id or --all/],
    ['revoke tiki:1 a --all', /either a purchase id or --all/],
    ['revoke tiki:1 a b', /too many arguments for 'revoke'/],
    ['show tiki:1 --fix', /unknown option '--fix'/],
    ['reconcile tiki:1', /too many arguments for 'reconcile'/],
    ['reconcile --days 1', /unknown option '--days'/],
    ['remove tiki:1', /unknown command 'remove'/],
    ['delete', /missing required argument 'uid'/],
    ['delete tiki:01', /must be "tiki:"/],
    ['reconcile --yes', /--yes goes with --fix/],
    ['replay', /required option '--from <time>' not specified/],
    ['replay --from yesterday', /--from must be a time with its zone/],
    ['constructor tiki:1', /unknown command 'constructor'/],
    ['show tiki:1 --verbose', /unknown option '--verbose'/],
  ])('refuses "%s", and says why', async (line, reason) => {
    const error = await parse(line).catch((refused: unknown) => refused);
    expect(error instanceof CommanderError || error instanceof UsageError).toBe(true);
    expect(error).toMatchObject({ message: expect.stringMatching(reason) as string });
  });
});
