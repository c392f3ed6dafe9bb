import { CommanderError } from 'commander';
import { createProgram } from '../program';
import { UsageError } from '../usage-error';
import type { PushOptions, PushTask } from './command';

/** What would be done. */
async function parse(...args: readonly string[]) {
  let parsed: (PushOptions & { readonly task: PushTask }) | undefined;
  const program = createProgram({
    orders: () => Promise.reject(new Error('not orders')),
    premium: () => Promise.reject(new Error('not premium')),
    doctor: () => Promise.reject(new Error('not the doctor')),
    deploy: () => Promise.reject(new Error('not a deployment')),
    token: () => Promise.reject(new Error('not a token')),
    user: () => Promise.reject(new Error('not a user')),
    audit: () => Promise.reject(new Error('not the audit')),
    push: (task, options) => {
      parsed = { task, ...options };
      return Promise.resolve();
    },
  });
  await program.parseAsync(['push', ...args], { from: 'user' });
  return parsed;
}

beforeEach(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const SEND = ['send', 'tiki:1', '--title', 'Chào', '--body', 'Bạn'];

it('sends', async () => {
  expect(await parse(...SEND, '--path', '/a', '--id', 'one', '--project', 'p')).toEqual({
    task: { name: 'send', uid: 'tiki:1', title: 'Chào', body: 'Bạn', path: '/a', id: 'one' },
    project: 'p',
  });
  expect(await parse(...SEND)).toEqual({
    task: { name: 'send', uid: 'tiki:1', title: 'Chào', body: 'Bạn' },
  });
});

it('asks for the status', async () => {
  expect(await parse('--project', 'p', 'status', 'tiki:1/one')).toEqual({
    task: { name: 'status', of: { uid: 'tiki:1', id: 'one' } },
    project: 'p',
  });
});

it.each([
  ['another uid', ['send', 'user-1', '--title', 'a', '--body', 'b'], /A uid must be/],
  [
    'an empty title',
    ['send', 'tiki:1', '--title', ' ', '--body', 'b'],
    /--title must not be empty/,
  ],
  ['a long body', [...SEND.slice(0, -1), 'b'.repeat(801)], /--body must have at most 800/],
  ['another site', [...SEND, '--path', '//evil.example'], /--path must be a path/],
  ['a path as id', [...SEND, '--id', 'a/b'], /is named/],
  ['the id alone', ['status', 'one'], /is named/],
  ['a reserved id', ['status', 'tiki:1/__a__'], /is named/],
])('refuses %s', async (_, args, message) => {
  const error = await parse(...args).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toMatch(message);
});

it.each([['send', 'tiki:1', '--title', 'a'], ['send'], ['status'], ['other']])(
  'refuses what is incomplete: %s',
  async (...args) => {
    await expect(parse(...args.filter((word) => typeof word === 'string'))).rejects.toThrow(
      CommanderError,
    );
  },
);
