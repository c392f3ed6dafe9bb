import { createProgram } from '../program';
import { UsageError } from '../usage-error';
import type { TokenRequest } from './command';

/** What would be asked for. */
async function parse(args: string): Promise<TokenRequest | undefined> {
  let parsed: TokenRequest | undefined;
  const program = createProgram({
    premium: () => Promise.reject(new Error('not premium')),
    doctor: () => Promise.reject(new Error('not the doctor')),
    deploy: () => Promise.reject(new Error('not a deployment')),
    orders: () => Promise.reject(new Error('not orders')),
    push: () => Promise.reject(new Error('not push')),
    user: () => Promise.reject(new Error('not a user')),
    audit: () => Promise.reject(new Error('not the audit')),
    token: (request) => {
      parsed = request;
      return Promise.resolve();
    },
  });
  await program.parseAsync(['token', ...args.split(' ')], { from: 'user' });
  return parsed;
}

const ACCOUNT = 'bridge@shop.iam.gserviceaccount.com';

it.each<[string, TokenRequest['token']]>([
  ['access', { kind: 'access', scopes: undefined }],
  [
    'access --scopes https://www.googleapis.com/auth/a,https://www.googleapis.com/auth/b.c',
    {
      kind: 'access',
      scopes: ['https://www.googleapis.com/auth/a', 'https://www.googleapis.com/auth/b.c'],
    },
  ],
  [
    'id --audience https://api-abc.a.run.app',
    { kind: 'id', audience: 'https://api-abc.a.run.app' },
  ],
  [
    'id --audience 12-a.apps.googleusercontent.com',
    {
      kind: 'id',
      audience: '12-a.apps.googleusercontent.com',
    },
  ],
  [
    'jwt --audience https://firestore.googleapis.com/',
    {
      kind: 'jwt',
      audience: 'https://firestore.googleapis.com/',
    },
  ],
])('`token %s`', async (args, token) => {
  const expected = { token, impersonate: undefined, output: undefined, json: false };
  expect(await parse(args)).toEqual(expected);
});

it('takes an account, a file and the form', async () => {
  expect(await parse(`access --impersonate ${ACCOUNT} --output file --json`)).toMatchObject({
    impersonate: ACCOUNT,
    output: 'file',
    json: true,
  });
});

it.each([
  ['id', /--audience is missing/],
  ['jwt', /--audience is missing/],
  ['id --audience a,b', /--audience: an address/],
  ['access --scopes email', /--scopes: comma-separated/],
  ['access --impersonate me', /--impersonate: the e-mail address/],
])('refuses `token %s`', async (args, message) => {
  const error = await parse(args).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toMatch(message);
});
