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
  it('prints an access token, an ID token for a service, and nothing else', async () => {
    const [access, id] = await Promise.all([run('access'), run(`id --audience ${SERVICE}`)]);
    expect(access).toMatchObject({ code: 0, stderr: '' });
    expect(access.stdout).toMatch(/^ya29\.fake-[\w-]+\n$/);
    expect(await verified(id.stdout, google.account, SERVICE)).toMatchObject({
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
    const [id, access] = await Promise.all([
      run(`id --audience ${SERVICE} ${account}`),
      run(`access ${account} --json`),
    ]);
    expect(await verified(id.stdout, other, SERVICE)).toMatchObject({ email: other.email });
    expect(JSON.parse(access.stdout)).toMatchObject({ tokenType: 'Bearer' });
    expect(google.iam.calls.map(({ body }) => body).join()).toContain('auth/cloud-platform');
  });

  it('prints the command that gives the missing role', async () => {
    expect(await denied({})).toBe(grant(`serviceAccount:${google.account.email}`));
  });
});

it("with a person's own login gives access tokens, and other tokens by IAM only", async () => {
  const env = { GOOGLE_APPLICATION_CREDENTIALS: google.userFile };
  const [access, id, jwt, impersonated] = await Promise.all([
    run('access', env),
    run(`id --audience ${SERVICE}`, env),
    run('jwt --audience https://firestore.googleapis.com/', env),
    run(`id --audience ${SERVICE} --impersonate ${other.email}`, env),
  ]);
  expect(access.stdout).toMatch(/^ya29\.fake-/);
  expect(id.code).toBe(1);
  expect(id.stderr).toContain('--impersonate');
  expect(jwt.code).toBe(1);
  expect(jwt.stderr).toContain('key file');
  expect(decodeJwt(impersonated.stdout.trim()).aud).toBe(SERVICE);
  expect(await denied(env)).toBe(grant("'user:<your e-mail>'"));
});

describe('a token', () => {
  it('is not printed into the log of CI, and written to a new private file there', async () => {
    const file = path.join(folder, 'token');
    const [refused, written] = await Promise.all([
      run('access', { CI: 'true' }),
      run(`access --output ${file}`, { CI: 'true' }),
    ]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(written).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^ya29\.fake-/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('replaces no file, and of a broken key file is refused without quoting it', async () => {
    const there = path.join(folder, 'there');
    writeFileSync(there, 'before');
    const key = path.join(folder, 'key.json');
    writeFileSync(key, JSON.stringify({ ...google.account.keyFile, private_key: 'canary' }));
    const [replacing, broken] = await Promise.all([
      run(`access --output ${there}`),
      run('access', { GOOGLE_APPLICATION_CREDENTIALS: key }),
    ]);
    expect(replacing.code).toBe(1);
    expect(replacing.stderr).not.toContain('ya29');
    expect(readFileSync(there, 'utf8')).toBe('before');
    expect(broken).toMatchObject({ code: 1, stdout: '' });
    expect(broken.stderr).toContain('private_key');
    expect(broken.stderr).not.toContain('canary');
  });
});
