import { BadArguments, parseOptions } from './options';

it('looks at this machine when no project is named', () => {
  expect(parseOptions([])).toEqual({ kind: 'examine', subject: undefined, json: false });
});

it('fills in what a project usually has', () => {
  expect(parseOptions(['--project', 'tiki-shop', '--json'])).toEqual({
    kind: 'examine',
    json: true,
    subject: {
      projectId: 'tiki-shop',
      region: 'asia-southeast1',
      domain: 'https://tiki-shop.web.app',
      validationCode: undefined,
    },
  });
});

it('takes region, domain and validation code', () => {
  const args = [
    '--region',
    'us-central1',
    '--domain',
    'https://shop.vn/',
    '--validation-code',
    'a-1',
  ];
  expect(parseOptions(['--project', 'tiki-shop', ...args])).toMatchObject({
    subject: { region: 'us-central1', domain: 'https://shop.vn', validationCode: 'a-1' },
  });
});

it('gives help before anything else', () => {
  expect(parseOptions(['--help', '--project', 'tiki-shop'])).toEqual({ kind: 'help' });
});

it.each([
  ['an unknown option', ['--verbose']],
  ['a stray word', ['tiki-shop']],
  ['an option without its value', ['--project']],
  ['a project of the emulators', ['--project', 'demo-shop']],
  ['what is no project id', ['--project', 'Tiki/../Shop']],
  ['what is no region', ['--project', 'tiki-shop', '--region', '../x']],
  ['a domain without https', ['--project', 'tiki-shop', '--domain', 'http://shop.vn']],
  ['a domain with a path', ['--project', 'tiki-shop', '--domain', 'https://shop.vn/api']],
  ['a domain with a user', ['--project', 'tiki-shop', '--domain', 'https://a@shop.vn']],
  ['a validation code with a path', ['--project', 'tiki-shop', '--validation-code', '../x']],
  ['a region without a project', ['--region', 'us-central1']],
])('refuses %s', (_, args) => {
  expect(() => parseOptions(args)).toThrow(BadArguments);
});
