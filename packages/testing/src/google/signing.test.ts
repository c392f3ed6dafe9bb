import { createPublicKey } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { errors, jwtVerify } from 'jose';
import { type FunctionOptions, type RunningFunction, startFunction } from './framework';
import { type GoogleFakes, startGoogleFakes } from './google-fakes';
import type { ServiceAccount } from './service-account';

const AUDIENCE =
  'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit';

let source: string;
let fakes: GoogleFakes;
let running: RunningFunction | undefined;

beforeAll(() => {
  source = mkdtempSync(join(tmpdir(), 'fixture-'));
  cpSync(join(__dirname, 'fixture'), source, { recursive: true });
  symlinkSync(
    resolve(__dirname, '../../../../functions/node_modules'),
    join(source, 'node_modules'),
  );
});
afterAll(() => {
  rmSync(source, { recursive: true });
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await fakes.close();
});

async function start(options: Omit<FunctionOptions, 'source'> = {}): Promise<RunningFunction> {
  running = await startFunction({ source, mapHosts: fakes.mapHosts, ...options });
  return running;
}

async function askForToken(): Promise<{ token?: string; code?: string; message?: string }> {
  const response = await fetch(running?.origin ?? '');
  // The fixture always responds with such an object.
  return (await response.json()) as { token?: string; code?: string; message?: string };
}

async function expectSignedBy(token: string | undefined, account: ServiceAccount): Promise<void> {
  const { payload, protectedHeader } = await jwtVerify(
    token ?? '',
    createPublicKey(account.publicKeyPem),
    { algorithms: ['RS256'], audience: AUDIENCE, issuer: account.email, subject: account.email },
  );
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect(payload).toMatchObject({ uid: 'tiki:1', claims: { provider: 'tiki' } });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
}

describe('with default credentials on Google’s infrastructure', () => {
  it('signs through IAM as the account of the metadata server', async () => {
    fakes = await startGoogleFakes();
    const { refusedConnections } = await start({ env: fakes.env });
    const { token } = await askForToken();
    await expectSignedBy(token, fakes.account);
    await expect(
      jwtVerify(token ?? '', createPublicKey(fakes.addAccount('stranger').publicKeyPem)),
    ).rejects.toThrow(errors.JWSSignatureVerificationFailed);

    const base = '/computeMetadata/v1/instance/service-accounts/default';
    const asked = fakes.metadata.calls.map((call) => call.path.split('?')[0]);
    expect(asked).toEqual(expect.arrayContaining([`${base}/email`, `${base}/token`]));
    expect(fakes.iam.calls).toEqual([
      expect.objectContaining({
        host: 'iamcredentials.googleapis.com',
        path: `/v1/projects/-/serviceAccounts/${fakes.account.email}:signBlob`,
        outcome: 200,
      }),
    ]);
    expect(fakes.oauth.calls).toEqual([]);
    expect(refusedConnections()).toEqual([]);
  });

  it('signs through IAM as another configured account', async () => {
    fakes = await startGoogleFakes();
    const signer = fakes.addAccount('signer');
    await start({ env: { ...fakes.env, SIGNING_ACCOUNT: signer.email } });
    await expectSignedBy((await askForToken()).token, signer);
  });

  it('fails on an instance without an account', async () => {
    fakes = await startGoogleFakes({ serviceAccount: 'none' });
    await start({ env: fakes.env });
    const { token, message } = await askForToken();
    expect(token).toBeUndefined();
    expect(message).toMatch(/404|Not Found/);
    expect(fakes.iam.calls).toEqual([]);
  });

  it.each([
    ['api-disabled', 'auth/insufficient-permission', /has not been used in project 123456789 befo/],
    ['permission-denied', 'auth/insufficient-permission', /signBlob' denied on resource/],
  ] as const)('reports the IAM fault %s as firebase-admin does', async (fault, code, message) => {
    fakes = await startGoogleFakes();
    fakes.iam.setFault(fault);
    await start({ env: fakes.env });
    const answer = await askForToken();
    expect(answer.message).toMatch(message);
    expect(answer.code).toBe(code);
  });

  it('rejects a certificate of an untrusted CA', async () => {
    fakes = await startGoogleFakes();
    await start({ env: { ...fakes.env, NODE_EXTRA_CA_CERTS: '' } });
    expect((await askForToken()).message).toMatch(/certificate/);
    expect(fakes.iam.calls).toEqual([]);
  });
});

describe('with a key file', () => {
  it('signs locally through cert(), without any connection', async () => {
    fakes = await startGoogleFakes();
    const { refusedConnections } = await start({ env: { ...fakes.env, KEY_FILE: fakes.keyFile } });
    await expectSignedBy((await askForToken()).token, fakes.account);
    expect([...fakes.metadata.calls, ...fakes.iam.calls, ...fakes.oauth.calls]).toEqual([]);
    expect(refusedConnections()).toEqual([]);
  });

  it('signs through cert() even when no host is reachable', async () => {
    fakes = await startGoogleFakes();
    const { refusedConnections } = await start({ env: { KEY_FILE: fakes.keyFile }, mapHosts: {} });
    await expectSignedBy((await askForToken()).token, fakes.account);
    expect(refusedConnections()).toEqual([]);
  });

  it('exchanges the key for an access token and signs through IAM as another account', async () => {
    fakes = await startGoogleFakes();
    const signer = fakes.addAccount('signer');
    await start({
      env: {
        ...fakes.env,
        GOOGLE_APPLICATION_CREDENTIALS: fakes.keyFile,
        SIGNING_ACCOUNT: signer.email,
      },
    });
    await expectSignedBy((await askForToken()).token, signer);
    expect(fakes.oauth.calls.map((call) => call.outcome)).toEqual([200]);
    expect(fakes.metadata.calls).toEqual([]);
  });
});
