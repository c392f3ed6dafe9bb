import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { Problem } from '../problem';
import { namesCredentials, parseKeySecret, readKey, readKeyFile } from './key-file';

const { email, keyFile } = makeServiceAccount('signer', 'demo');
const pem = String(keyFile.private_key);
const body = pem.split('\n').slice(1, -2);
const middle = body[Math.floor(body.length / 2)] ?? '';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-file-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const path = () => join(folder, 'key.json');

/** What the operator is told about a file with this content. */
async function noteOf(content: unknown): Promise<{ cause: string; remedy: string }> {
  writeFileSync(path(), typeof content === 'string' ? content : JSON.stringify(content));
  const problem: unknown = await readKeyFile(path()).catch((error: unknown) => error);
  if (!(problem instanceof Problem)) throw new Error('it was taken');
  expect(problem.code).toBe('misconfigured');
  const { cause = '', remedy = '' } = problem.extras.operator ?? {};
  expect(JSON.stringify(problem.extras)).not.toMatch(/PRIVATE KEY-----\\n|MII/);
  expect(JSON.stringify(problem.extras)).not.toContain(middle.slice(0, 12));
  return { cause, remedy };
}

it('takes a key as Google gives it out, also with line breaks of Windows', async () => {
  for (const key of [pem, pem.replaceAll('\n', '\r\n'), pem.trim()]) {
    writeFileSync(path(), JSON.stringify({ ...keyFile, private_key: key }));
    expect(await readKeyFile(path())).toMatchObject({ client_email: email });
  }
});

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encrypted = rsa.privateKey.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'x',
});

it.each([
  ['escaped twice', pem.replaceAll('\n', '\\n'), 'has its line breaks escaped twice'],
  ['in quotes', `"${pem.trim()}"`, 'is in quotes of its own'],
  ['in quotes, escaped', JSON.stringify(pem), 'has its line breaks escaped twice'],
  ['in one line', pem.replaceAll('\n', ''), 'has lost its line breaks'],
  ['in one line with spaces', pem.replaceAll('\n', ' ').trim(), 'has lost its line breaks'],
  ['cut off', pem.slice(0, 800), 'is cut off: its END line is missing'],
  ['without a line', pem.replace(`${middle}\n`, ''), 'is damaged or cut off'],
  ['of another kind', ec.export({ type: 'pkcs8', format: 'pem' }), 'is an EC key'],
  ['encrypted', encrypted, 'is encrypted'],
  [
    'public',
    rsa.publicKey.export({ type: 'spki', format: 'pem' }),
    'does not start with -----BEGIN PRIVATE KEY-----',
  ],
  ['base64 alone', body.join(''), 'does not start with -----BEGIN PRIVATE KEY-----'],
  ['redacted', 'REDACTED', 'does not start with -----BEGIN PRIVATE KEY-----'],
])('tells a key that is %s, and how to get a good one', async (_, key, fault) => {
  const { cause, remedy } = await noteOf({ ...keyFile, private_key: key });
  expect(cause).toContain(`private_key in the key file`);
  expect(cause).toContain(fault);
  expect(remedy).toContain(
    `gcloud iam service-accounts keys create ~/tiki-bridge-key.json --iam-account ${email}`,
  );
});

it.each([
  ['is not JSON', '{"private_key": "canary'],
  ['is not a credentials file', '[]'],
  ['is not a credentials file', { apiKey: 'x', projectId: 'demo' }],
  ['has an unknown "type"', { ...keyFile, type: 'service-account' }],
  ['lacks a usable private_key', { ...keyFile, private_key: undefined }],
  ['lacks a usable client_email', { ...keyFile, client_email: 'x' }],
])('tells a file that %s', async (fault, content) => {
  expect((await noteOf(content)).cause).toContain(fault);
});

it('tells a path that leads nowhere from one that leads to a folder', async () => {
  const causeAt = (at: string) =>
    readKeyFile(at).catch((error: unknown) =>
      error instanceof Problem ? error.extras.operator?.cause : error,
    );
  expect(await causeAt(join(folder, 'nothing.json'))).toContain('does not exist');
  expect(await causeAt(folder)).toContain('is a folder');
});

it('puts no address into a command that is not one of a service account', async () => {
  const hostile = { ...keyFile, client_email: "-x'y@example.com", private_key: 'no key' };
  expect((await noteOf(hostile)).remedy).toContain("--iam-account '<service account>'");
});

describe('a key in a secret', () => {
  const json = JSON.stringify(keyFile);

  it.each([
    ['JSON', json],
    ['JSON with a line break after it', `${json}\n`],
    ['base64', Buffer.from(json).toString('base64')],
    [
      'base64 in lines',
      `${(
        Buffer.from(json)
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\n')}\n`,
    ],
  ])('is taken as %s', (_, value) => {
    expect(parseKeySecret(value)).toMatchObject({ client_email: email, private_key: pem });
  });

  it.each([
    ['nothing', ''],
    ['something else', 'canary'],
    ['a person', JSON.stringify({ type: 'authorized_user', refresh_token: 'canary' })],
    ['a broken key', JSON.stringify({ ...keyFile, private_key: 'canary' })],
  ])('is refused without being quoted: %s', (_, value) => {
    const attempt = () => parseKeySecret(value);
    expect(attempt).toThrow(Problem);
    try {
      attempt();
    } catch (error) {
      expect(JSON.stringify((error as Problem).extras)).not.toContain('canary');
      expect(JSON.stringify((error as Problem).extras)).toContain('functions:secrets:set');
    }
  });
});

describe('the environment', () => {
  it('has the key of the secret, before that of the file', async () => {
    writeFileSync(path(), JSON.stringify({ ...keyFile, private_key: 'not read' }));
    const env = {
      GOOGLE_CREDENTIALS: JSON.stringify(keyFile),
      GOOGLE_APPLICATION_CREDENTIALS: path(),
    };
    expect(namesCredentials(env)).toBe(true);
    expect(await readKey(env)).toMatchObject({ client_email: email });
  });

  it('has the key of the file, where there is no secret', async () => {
    writeFileSync(path(), JSON.stringify(keyFile));
    const env = { GOOGLE_CREDENTIALS: '', GOOGLE_APPLICATION_CREDENTIALS: path() };
    expect(namesCredentials(env)).toBe(true);
    expect(await readKey(env)).toMatchObject({ client_email: email });
  });

  it('has none', async () => {
    expect(namesCredentials({})).toBe(false);
    expect(await readKey({})).toBeUndefined();
  });
});
