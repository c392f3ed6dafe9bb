import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import {
  type Answer,
  jsonAnswer,
  startLoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { runBridge } from '../run';
import { AT, HEALTHY, policyJson, PROJECT, RUNTIME_ACCOUNT } from './fakes/google';
import {
  ACCESS_TOKEN,
  type Internet,
  type Routes,
  startInternet,
  TIKI_HOST,
} from './fakes/internet';
import { PRODUCTION_APP } from './fakes/tiki';
import type { Finding } from './finding';

/** Google's token endpoint for key files (older address), and for everybody. */
const TOKEN_ROUTES = [
  'POST www.googleapis.com/oauth2/v4/token',
  'POST oauth2.googleapis.com/token',
];

const tokenAnswers = (answer: Answer): Routes =>
  Object.fromEntries(TOKEN_ROUTES.map((route) => [route, answer]));

let folder: string;
let internet: Internet;
let hosts: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'doctor-'));
  const named = [...Object.keys(HEALTHY), ...TOKEN_ROUTES].map((route) =>
    route.replace(/^\w+ ([^/]+)\/.*$/, '$1'),
  );
  hosts = [...new Set([...named, TIKI_HOST, 'iamcredentials.googleapis.com'])];
  const tls = await makeCertificates(hosts);
  writeFileSync(path.join(folder, 'ca.pem'), tls.caPem);
  internet = await startInternet({ routes: HEALTHY, tls, tikiNow: Date.now });
});
afterAll(async () => {
  await internet.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  const token = { access_token: ACCESS_TOKEN, expires_in: 3599, token_type: 'Bearer' };
  internet.set({ ...HEALTHY, ...tokenAnswers(jsonAnswer(200, token)) });
});

/** Writes a credentials file and returns the variable that names it. */
function credentialsFile(content: string): Record<string, string> {
  const file = path.join(folder, 'credentials.json');
  writeFileSync(file, content, { mode: 0o600 });
  return { GOOGLE_APPLICATION_CREDENTIALS: file };
}
const keyFile = () => credentialsFile(JSON.stringify(makeServiceAccount('ci', PROJECT).keyFile));
const OWN_LOGIN = {
  type: 'authorized_user',
  client_id: 'id.apps.googleusercontent.com',
  client_secret: 'not-a-secret',
  refresh_token: '1//refresh',
};
const ownLogin = () => credentialsFile(JSON.stringify(OWN_LOGIN));

/** The real program; its connections end at the fakes, under the names it asked for. */
function doctor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runBridge(['doctor', ...args], {
    TMPDIR: folder,
    HOME: folder,
    NODE_OPTIONS: `--require ${require.resolve('@tiki-bridge/testing/google/map-hosts.cjs')}`,
    NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'),
    MAP_HOSTS: JSON.stringify(Object.fromEntries(hosts.map((host) => [host, internet.address]))),
    ...env,
  });
}

async function findings(env: Record<string, string>): Promise<Finding[]> {
  const { stdout } = await doctor(['--project', PROJECT, '--json'], env);
  // The documented shape of --json.
  return JSON.parse(stdout) as Finding[];
}

it('checks this machine only, and says how to check a project', async () => {
  const before = internet.calls.length;
  const { stdout, code } = await doctor([]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ Firebase CLI +\d+\.\d+/);
  expect(stdout).toContain('npm run doctor -- --project <project id>');
  expect(stdout).toMatch(/\d ok, \d warnings?, 0 failed, \d not checked\n/);
  expect(internet.calls.length).toBe(before);
});

it('explains itself', async () => {
  const { stdout, code } = await doctor(['--help']);
  expect(code).toBe(0);
  for (const option of ['--project', '--region', '--domain', '--validation-code', '--json']) {
    expect(stdout).toContain(option);
  }
});

it('ends with 2 when it does not understand its arguments, and leaves stdout empty', async () => {
  const { stdout, stderr, code } = await doctor(['--project', 'demo-shop', '--json']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('projects named demo-… exist in the emulators only');
});

it('finds a healthy project healthy, over TLS, with a key file', async () => {
  const args = ['--project', PROJECT, '--validation-code', 'abc123'];
  const { stdout, stderr, code } = await doctor(args, keyFile());
  expect(stderr).toBe('');
  expect(stdout).toMatch(/✓ Right to sign /);
  expect(stdout).toMatch(/✓ Key and secret +Tiki accepts the signature in production/);
  expect(stdout).toMatch(/✓ Hosting /);
  // The runtime will be deprecated some day; and there is no parameter file for that project.
  expect(stdout).not.toMatch(
    /^ *! (?!Runtime |Parameters +there is no functions.\.env\.tiki-shop:)/m,
  );
  expect(stdout).toMatch(/ 0 failed, /);
  expect(code).toBe(0);
});

it('ends with 1 when something failed, and prints the finding as JSON and nothing secret', async () => {
  internet.set({ [AT.accountPolicy(RUNTIME_ACCOUNT)]: policyJson() });
  const { stdout, stderr, code } = await doctor(['--project', PROJECT, '--json'], keyFile());
  expect(code).toBe(1);
  const found = JSON.parse(stdout) as Finding[];
  expect(found.filter(({ state }) => state === 'failed').map(({ check }) => check)).toEqual([
    'sign-blob',
  ]);
  for (const { check, state, message, remedy, ...rest } of found) {
    expect([typeof check, typeof state, typeof message]).toEqual(['string', 'string', 'string']);
    expect(['string', 'undefined']).toContain(typeof remedy);
    expect(rest).toEqual({});
  }
  expect(stdout + stderr).not.toContain(PRODUCTION_APP.clientSecret);
  expect(stdout + stderr).not.toContain(ACCESS_TOKEN);
});

it("signs in with a person's own login", async () => {
  const found = await findings(ownLogin());
  const of = (name: string) => found.find(({ check }) => check === name);
  expect(of('google-credentials')).toMatchObject({
    state: 'ok',
    message: 'Application Default Credentials of your own login',
  });
  expect(of('project')).toMatchObject({ state: 'ok' });
});

it('lets IAM itself answer when it runs as the runtime account, by impersonation', async () => {
  const path = `/v1/projects/-/serviceAccounts/${RUNTIME_ACCOUNT}:generateAccessToken`;
  internet.set({
    [`POST iamcredentials.googleapis.com${path}`]: jsonAnswer(200, {
      accessToken: ACCESS_TOKEN,
      expireTime: new Date(Date.now() + 3_600_000).toISOString(),
    }),
    [AT.ownRights(RUNTIME_ACCOUNT)]: jsonAnswer(200, {
      permissions: ['iam.serviceAccounts.signBlob'],
    }),
  });
  const env = credentialsFile(
    JSON.stringify({
      type: 'impersonated_service_account',
      service_account_impersonation_url: `https://iamcredentials.googleapis.com${path}`,
      source_credentials: OWN_LOGIN,
    }),
  );
  const found = await findings(env);
  expect(found.find(({ check }) => check === 'sign-blob')).toMatchObject({
    state: 'ok',
    message: expect.stringContaining('IAM says so itself') as string,
  });
});

describe('a domain that leads nowhere', () => {
  const ofHosting = async (
    domain: string,
    address?: string,
    trusted: Record<string, string> = {},
  ) => {
    const targets = address === undefined ? {} : { [domain]: address };
    const env = { MAP_HOSTS: JSON.stringify(targets), ...trusted };
    const args = ['--project', PROJECT, '--domain', `https://${domain}`, '--json'];
    const { stdout, code } = await doctor(args, env);
    expect(code).toBe(1);
    // The documented shape of --json.
    return (JSON.parse(stdout) as Finding[]).find(({ check }) => check === 'hosting');
  };
  const failing = (code: string) => ({
    state: 'failed',
    message: expect.stringContaining(`(${code})`) as string,
  });

  it('fails when DNS does not know it', async () => {
    expect(await ofHosting('nowhere.example.com')).toMatchObject(failing('ENOTFOUND'));
  });

  it('fails when nobody listens', async () => {
    const closed = await startLoopbackFake<never>({ answer: () => jsonAnswer(200, {}) });
    await closed.close();
    expect(await ofHosting('closed.example.com', closed.address)).toMatchObject(
      failing('ECONNREFUSED'),
    );
  });

  it("fails when its certificate is another domain's", async () => {
    expect(await ofHosting('other.example.com', internet.address)).toMatchObject(
      failing('ERR_TLS_CERT_ALTNAME_INVALID'),
    );
  });

  it('fails when its certificate has expired', async () => {
    const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
    const tls = await makeCertificates(['old.example.com'], new Date(Date.now() - WEEK_MS));
    const old = await startLoopbackFake<never>({ tls, answer: () => jsonAnswer(200, {}) });
    const authority = path.join(folder, 'old-ca.pem');
    writeFileSync(authority, tls.caPem);
    const trusted = { NODE_EXTRA_CA_CERTS: authority };
    const finding = await ofHosting('old.example.com', old.address, trusted);
    await old.close();
    expect(finding).toMatchObject(failing('CERT_HAS_EXPIRED'));
  });
});

describe('without usable credentials', () => {
  const ofCredentials = async (env: Record<string, string>) =>
    (await findings(env)).find(({ check }) => check === 'google-credentials');

  it('says how to get some', async () => {
    expect(await ofCredentials({})).toEqual({
      check: 'google-credentials',
      state: 'failed',
      message: 'there are no Application Default Credentials on this machine',
      remedy: 'gcloud auth application-default login',
    });
  });

  const brokenKey = () => {
    const { keyFile: content } = makeServiceAccount('ci', PROJECT);
    const key = String(content.private_key).replaceAll('\n', '\\n');
    return credentialsFile(JSON.stringify({ ...content, private_key: key }));
  };

  it.each([
    ['is not JSON', () => credentialsFile('-----BEGIN PRIVATE KEY-----')],
    ['unknown "type"', () => credentialsFile('{"type":"unheard-of"}')],
    ['does not exist', () => ({ GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json' })],
    ['private_key in the key file', brokenKey],
  ])('says what is wrong with the file: %s', async (fault, env) => {
    expect(await ofCredentials(env())).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(fault) as string,
    });
  });

  it.each([
    ['Invalid JWT Signature.', 'no key of its client_email', 'service-accounts keys create'],
    [
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.',
      'the clock of this machine is wrong',
      'sudo ',
    ],
  ])('says why Google refuses a key file: %s', async (description, message, remedy) => {
    const refusal = { error: 'invalid_grant', error_description: description };
    internet.set(tokenAnswers(jsonAnswer(400, refusal)));
    expect(await ofCredentials(keyFile())).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(message) as string,
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  it.each([
    ['a key file', keyFile],
    ["a person's login", ownLogin],
  ])('says that Google does not take %s any more', async (_, env) => {
    internet.set(tokenAnswers(jsonAnswer(400, { error: 'invalid_grant' })));
    expect(await ofCredentials(env())).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('does not take the credentials') as string,
    });
  });

  it('does not blame the credentials when Google cannot be reached', async () => {
    const env = { ...keyFile(), MAP_HOSTS: '{}' };
    expect(await ofCredentials(env)).toMatchObject({ state: 'not-checked' });
  });
});
