import type { AuditQuestion } from '../../../../functions/src/operator';
import type { AuditOptions } from '../audit/command';
import { createProgram } from '../program';
import type { UserOptions, UserTask } from './command';

const NOW = Date.UTC(2027, 0, 8);

type Parsed =
  | (UserOptions & { readonly task: UserTask })
  | (AuditOptions & { readonly question: AuditQuestion });

/** What would be done. */
async function parse(line: string) {
  let parsed: Parsed | undefined;
  const program = createProgram({
    premium: () => Promise.reject(new Error('not premium')),
    orders: () => Promise.reject(new Error('not orders')),
    push: () => Promise.reject(new Error('not push')),
    doctor: () => Promise.reject(new Error('not the doctor')),
    deploy: () => Promise.reject(new Error('not a deployment')),
    token: () => Promise.reject(new Error('not a token')),
    user: (task, options) => {
      parsed = { task, ...options };
      return Promise.resolve();
    },
    audit: (question, options) => {
      parsed = { question, ...options };
      return Promise.resolve();
    },
  });
  await program.parseAsync(line.split(' '), { from: 'user' });
  return parsed;
}

beforeEach(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});
afterEach(() => {
  jest.restoreAllMocks();
});

it.each<[string, UserTask]>([
  ['user show tiki:1', { name: 'show', uid: 'tiki:1' }],
  ['user export tiki:1 --to a.json', { name: 'export', uid: 'tiki:1', file: 'a.json' }],
  ['user delete tiki:1', { name: 'delete', uid: 'tiki:1', yes: false }],
  ['user delete tiki:1 --yes', { name: 'delete', uid: 'tiki:1', yes: true }],
  [
    'user revoke --since 2027-01-01T00:00:00+07:00',
    { name: 'revoke', since: Date.UTC(2026, 11, 31, 17), everybody: false, yes: false },
  ],
  [
    'user revoke --since 2027-01-01T00:00:00Z --everybody --yes',
    { name: 'revoke', since: Date.UTC(2027, 0, 1), everybody: true, yes: true },
  ],
])('understands %s', async (line, task) => {
  expect(await parse(`${line} --project p`)).toEqual({ task, project: 'p' });
});

it.each<[string, AuditQuestion]>([
  ['audit', { from: Date.UTC(2027, 0, 1), to: NOW }],
  ['audit tiki:1', { from: Date.UTC(2027, 0, 1), to: NOW, uid: 'tiki:1' }],
  [
    'audit --from 2026-12-01T00:00:00Z --to 2026-12-02T00:00:00Z',
    { from: Date.UTC(2026, 11, 1), to: Date.UTC(2026, 11, 2) },
  ],
])('understands %s', async (line, question) => {
  expect(await parse(`${line} --project p`)).toEqual({ question, project: 'p' });
});

it.each([
  ['another uid', 'user show user-1', /A uid must be/],
  ['a path', 'user delete tiki:1/../tiki:2', /A uid must be/],
  ['no file', 'user export tiki:1', /required option/],
  ['no time', 'user revoke', /required option/],
  ['a day without a zone', 'user revoke --since 2027-01-01', /--since must be a time/],
  ['an end before the beginning', 'audit --from 2027-02-01T00:00:00Z', /--to must be later/],
  ['a uid with a quote', 'audit tiki:1"', /A uid must be/],
])('refuses %s', async (_, line, message) => {
  await expect(parse(line)).rejects.toThrow(message);
});
