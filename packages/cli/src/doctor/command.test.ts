import { AS_HERE } from '../../../../functions/src/operator';
import { CommanderError } from 'commander';
import { createProgram } from '../program';
import { UsageError } from '../usage-error';
import type { Examination } from './command';

async function parse(args: readonly string[]): Promise<Examination | undefined> {
  let parsed: Examination | undefined;
  const program = createProgram({
    orders: () => Promise.reject(new Error('not orders')),
    push: () => Promise.reject(new Error('not push')),
    user: () => Promise.reject(new Error('not a user')),
    audit: () => Promise.reject(new Error('not the audit')),
    premium: () => Promise.reject(new Error('not premium')),
    token: () => Promise.reject(new Error('not a token')),
    deploy: () => Promise.reject(new Error('not a deployment')),
    doctor: (examination) => {
      parsed = examination;
      return Promise.resolve();
    },
  });
  await program.parseAsync(['doctor', ...args], { from: 'user' });
  return parsed;
}

beforeEach(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

it('checks this machine when no project is named', async () => {
  expect(await parse([])).toEqual({ subject: undefined, json: false });
});

it('fills in what a project usually has', async () => {
  expect(await parse(['--project', 'tiki-shop', '--json'])).toEqual({
    json: true,
    subject: {
      deployed: AS_HERE,
      projectId: 'tiki-shop',
      alias: undefined,
      region: 'asia-southeast1',
      domain: 'https://tiki-shop.web.app',
      validationCode: undefined,
    },
  });
});

it('takes region, domain and validation code', async () => {
  const args = [
    '--region',
    'us-central1',
    '--domain',
    'https://shop.vn/',
    '--validation-code',
    'a-1',
  ];
  expect(await parse(['--project', 'example.com:tiki-shop', ...args])).toMatchObject({
    subject: {
      projectId: 'example.com:tiki-shop',
      region: 'us-central1',
      domain: 'https://shop.vn',
      validationCode: 'a-1',
    },
  });
});

it.each([
  ['an unknown option', ['--verbose'], /unknown option '--verbose'/],
  ['a stray word', ['tiki-shop'], /too many arguments/],
  ['an option without its value', ['--project'], /argument missing/],
  ['a project of the emulators', ['--project', 'demo-shop'], /in the emulators only/],
  ['an alias of one', ['--project', 'default'], /in the emulators only/],
  ['what is no project id', ['--project', 'Tiki/../Shop'], /not a project id/],
  ['what is no region', ['--project', 'tiki-shop', '--region', '../x'], /not a region/],
  ['a domain without https', ['--project', 'tiki-shop', '--domain', 'http://a.vn'], /--domain/],
  ['a domain with a path', ['--project', 'tiki-shop', '--domain', 'https://a.vn/b'], /--domain/],
  ['a domain with a user', ['--project', 'tiki-shop', '--domain', 'https://a@b.vn'], /--domain/],
  ['a project without a domain', ['--project', 'example.com:tiki-shop'], /--domain/],
  ['a code with a path', ['--project', 'tiki-shop', '--validation-code', '../x'], /--validation/],
  ['a region without a project', ['--region', 'us-central1'], /need --project/],
])('refuses %s', async (_, args, reason) => {
  const error = await parse(args).catch((refused: unknown) => refused);
  expect(error instanceof CommanderError || error instanceof UsageError).toBe(true);
  expect(error).toMatchObject({ message: expect.stringMatching(reason) as string });
});
