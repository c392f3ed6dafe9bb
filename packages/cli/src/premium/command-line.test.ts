import { parseCommandLine, UsageError } from './command-line';

const parse = (line: string) => parseCommandLine(line === '' ? [] : line.split(' '));

describe('the command line of npm run premium', () => {
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
    ['reconcile', { name: 'reconcile', fix: false }],
    ['reconcile --fix', { name: 'reconcile', fix: true }],
    ['', { name: 'help' }],
    ['grant --help', { name: 'help' }],
  ])('understands "%s"', (line, command) => {
    expect(parse(line)).toEqual({ command, project: undefined, json: false });
  });

  it('takes --project and --json with every command', () => {
    expect(parse('show tiki:1 --json --project my-app')).toMatchObject({
      project: 'my-app',
      json: true,
    });
  });

  it.each([
    ['grant tiki:1 --days -5', /--days must be .* not -5/],
    ['grant tiki:1 --days 0', /--days must be/],
    ['grant tiki:1 --days 3661', /from 1 to 3660/],
    ['grant tiki:1 --days 99999999999999999999', /--days must be/],
    ['grant tiki:1 --days 1.5', /--days must be/],
    ['grant tiki:1 --days 1e2', /--days must be/],
    ['grant tiki:1 --days ten', /--days must be/],
    ['grant tiki:1 --days', /--days/],
    ['grant tiki:1', /either --days or --until/],
    ['grant tiki:1 --days 1 --until 2027-01-31T00:00:00Z', /either --days or --until/],
    ['grant tiki:1 --until 2027-01-31', /time with its zone/],
    ['grant tiki:1 --until 2027-01-31T00:00:00', /time with its zone/],
    ['grant tiki:1 --until 2027-13-31T00:00:00Z', /time with its zone/],
    ['grant tiki:1 --days 1 --id a/b', /A purchase id must be/],
    ['grant --days 1', /Say who/],
    ['grant 123 --days 1', /must be "tiki:"/],
    ['grant tiki:0 --days 1', /must be "tiki:"/],
    ['show zalo:1', /must be "tiki:"/],
    ['show tiki:1 tiki:2', /does not take tiki:2/],
    ['revoke tiki:1', /Say which/],
    ['revoke tiki:1 a --all', /does not take a/],
    ['revoke tiki:1 a b', /does not take b/],
    ['show tiki:1 --fix', /show does not take --fix/],
    ['reconcile tiki:1', /does not take tiki:1/],
    ['reconcile --days 1', /does not take --days/],
    ['delete tiki:1', /no command delete/],
    ['constructor tiki:1', /no command constructor/],
    ['show tiki:1 --verbose', /verbose/],
  ])('refuses "%s", and says why', (line, reason) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(reason);
  });
});
