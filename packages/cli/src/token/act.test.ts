import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGoogleFakes, type GoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import type { ServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { createPublicKey } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { runBridge } from '../run';

const MAP_HOSTS = require.resolve('@tiki-bridge/testing/google/map-hosts.cjs');
const SERVICE = 'https://api-abc.a.run.app';

let google: GoogleFakes;
let other: ServiceAccount;
let folder: string;
beforeAll(async () => {
  google = await startGoogleFakes();
  other = google.addAccount('other');
  folder = mkdtempSync(path.join(tmpdir(), 'token-'));
});
afterAll(async () => {
  await google.close();
  rmSync(folder, { recursive: true });
});

const run = (args: string, env: Readonly<Record<string, string>> = {}) =>
  runBridge(['token', ...args.split(' ')], {
    NODE_EXTRA_CA_CERTS: google.caFile,
    NODE_OPTIONS: `--require ${MAP_HOSTS}`,
    MAP_HOSTS: JSON.stringify(google.mapHosts),
    GOOGLE_APPLICATION_CREDENTIALS: google.keyFile,
    CI: '',
    ...env,
  });

/** Verified with the account's key, with which the fakes sign ID tokens too. */
async function verified(token: string, account: ServiceAccount, audience: string) {
  const key = createPublicKey(account.publicKeyPem);
  return (await jwtVerify(token.trim(), key, { audience })).payload;
}

/** What is printed without the role, after the sentence that says so. */
async function denied(env: Readonly<Record<string, string>>): Promise<string | undefined> {
  google.iam.setFault('permission-denied');
  const args = `id --audience ${SERVICE} --impersonate ${other.email}`;
  const { code, stdout, stderr } = await run(args, env);
  google.iam.setFault(null);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  return stderr.trim().split('\n')[1];
}

const grant = (member: string): string =>
  `gcloud iam service-accounts add-iam-policy-binding ${other.email} --member ${member} ` +
  `--role roles/iam.serviceAccountTokenCreator --project ${String(other.email.split(/[@.]/)[1])}`;

describe('with a key file', () => {
  it('prints an access token, and nothing else', async () => {
    const { code, stdout, stderr } = await run('access');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ya29\.fake-[\w-]+\n$/);
  });

  it('prints an ID token for a service', async () => {
    const { stdout } = await run(`id --audience ${SERVICE}`);
    expect(await verified(stdout, google.account, SERVICE)).toMatchObject({
      iss: 'https://accounts.google.com',
      email: google.account.email,
    });
  });

  it('signs a token for an API itself', async () => {
    const calls = google.oauth.calls.length;
    const { stdout } = await run('jwt --audience https://firestore.googleapis.com/ --json');
    const { accessToken, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    expect(rest).toEqual({ tokenType: 'Bearer', expiresInSec: expect.any(Number) as number });
    const claims = await verified(
      String(accessToken),
      google.account,
      'https://firestore.googleapis.com/',
    );
    expect(claims).toMatchObject({ iss: google.account.email, sub: google.account.email });
    expect(google.oauth.calls).toHaveLength(calls);
  });

  it('has IAM give the tokens of another account', async () => {
    const account = `--impersonate ${other.email}`;
    const id = await run(`id --audience ${SERVICE} ${account}`);
    expect(await verified(id.stdout, other, SERVICE)).toMatchObject({ email: other.email });
    const access = await run(`access ${account} --json`);
    expect(JSON.parse(access.stdout)).toMatchObject({ tokenType: 'Bearer' });
    expect(google.iam.calls.at(-1)?.body).toContain('auth/cloud-platform');
  });

  it('prints the command that gives the missing role', async () => {
    expect(await denied({})).toBe(grant(`serviceAccount:${google.account.email}`));
  });
});

describe("with a person's own login", () => {
  const env = () => ({ GOOGLE_APPLICATION_CREDENTIALS: google.userFile });

  it('prints an access token', async () => {
    expect((await run('access', env())).stdout).toMatch(/^ya29\.fake-/);
  });

  it('has IAM give an ID token, and says so where it is not asked to', async () => {
    const { code, stderr } = await run(`id --audience ${SERVICE}`, env());
    expect(code).toBe(1);
    expect(stderr).toContain('--impersonate');
    const { stdout } = await run(`id --audience ${SERVICE} --impersonate ${other.email}`, env());
    expect(decodeJwt(stdout.trim()).aud).toBe(SERVICE);
  });

  it('prints the command that gives the missing role', async () => {
    expect(await denied(env())).toBe(grant("'user:<your e-mail>'"));
  });

  it('says what a self-signed token needs', async () => {
    const { code, stderr } = await run('jwt --audience https://firestore.googleapis.com/', env());
    expect(code).toBe(1);
    expect(stderr).toContain('key file');
  });
});

describe('a token', () => {
  it('is not printed into the log of CI, and written to a new private file there', async () => {
    const refused = await run('access', { CI: 'true' });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    const file = path.join(folder, 'token');
    const { code, stdout, stderr } = await run(`access --output ${file}`, { CI: 'true' });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^ya29\.fake-/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('replaces no file, which others may be able to read', async () => {
    const file = path.join(folder, 'there');
    writeFileSync(file, 'before');
    const { code, stderr } = await run(`access --output ${file}`);
    expect(code).toBe(1);
    expect(stderr).not.toContain('ya29');
    expect(readFileSync(file, 'utf8')).toBe('before');
  });

  it('of a broken key file is refused without quoting it', async () => {
    const file = path.join(folder, 'key.json');
    writeFileSync(file, JSON.stringify({ ...google.account.keyFile, private_key: 'canary' }));
    const { code, stdout, stderr } = await run('access', { GOOGLE_APPLICATION_CREDENTIALS: file });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('private_key');
    expect(stderr).not.toContain('canary');
  });
});

it.each([
  'id',
  'jwt',
  'id --audience a,b',
  'access --scopes email',
  'access --impersonate me',
  'oops',
])('refuses `token %s` in one line', async (args) => {
  const { code, stderr } = await run(args);
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
