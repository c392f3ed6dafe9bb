import { createPrivateKey, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { type GoogleFakes, startGoogleFakes } from './google-fakes';
import { IAM_CREDENTIALS_HOST } from './iam-credentials';
import type { LoopbackFake } from './loopback-fake';
import { OAUTH_HOST } from './oauth-token';
import type { ServiceAccount } from './service-account';

const NOW = Date.UTC(2026, 10, 22);
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

let fakes: GoogleFakes;
let now: number;

beforeEach(async () => {
  now = NOW;
  fakes = await startGoogleFakes({ now: () => now });
});
afterEach(() => fakes.close());

async function post(
  fake: LoopbackFake<never>,
  servername: string,
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; body: Record<string, unknown> }> {
  const [host, port] = fake.address.split(':');
  const ca = readFileSync(fakes.caFile, 'utf8');
  return new Promise((resolve, reject) => {
    https
      .request({ host, port, path, method: 'POST', ca, servername, headers }, (res) => {
        // All responses in these tests are JSON objects.
        const read = json(res) as Promise<Record<string, unknown>>;
        read.then((answer) => {
          resolve({ status: res.statusCode, body: answer });
        }, reject);
      })
      .on('error', reject)
      .end(body);
  });
}

async function assertion(
  account: ServiceAccount,
  { iat = NOW / 1000, exp = NOW / 1000 + 3600, aud = TOKEN_URL } = {},
): Promise<string> {
  return new SignJWT({ scope: 'https://www.googleapis.com/auth/cloud-platform' })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(account.email)
    .setAudience(aud)
    .setIssuedAt(iat)
    .setExpirationTime(exp)
    .sign(createPrivateKey(account.privateKeyPem));
}

function exchange(jwt: string, grantType = JWT_BEARER): ReturnType<typeof post> {
  const form = new URLSearchParams({ grant_type: grantType, assertion: jwt });
  return post(fakes.oauth, OAUTH_HOST, '/token', form.toString());
}

async function accessToken(): Promise<string> {
  const { body } = await exchange(await assertion(fakes.account));
  return String(body.access_token);
}

function signBlob(
  token: string | undefined,
  { email = fakes.account.email, project = '-', body = '{"payload":"aGVsbG8="}' } = {},
): ReturnType<typeof post> {
  const path = `/v1/projects/${project}/serviceAccounts/${encodeURIComponent(email)}:signBlob`;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return post(fakes.iam, IAM_CREDENTIALS_HOST, path, body, headers);
}

describe('signBlob', () => {
  it('signs with the account’s key, and returns the key id', async () => {
    const { status, body } = await signBlob(await accessToken());
    expect(status).toBe(200);
    expect(body.keyId).toBe(fakes.account.keyFile.private_key_id);
    const signature = Buffer.from(String(body.signedBlob), 'base64');
    const { publicKeyPem } = fakes.account;
    expect(verify('sha256', Buffer.from('hello'), publicKeyPem, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('hellO'), publicKeyPem, signature)).toBe(false);
  });

  it('rejects missing, unknown and expired tokens', async () => {
    expect(await signBlob(undefined)).toMatchObject({
      status: 401,
      body: { error: { status: 'UNAUTHENTICATED', details: [{ reason: 'CREDENTIALS_MISSING' }] } },
    });
    expect((await signBlob('ya29.somebody-else')).status).toBe(401);
    const token = await accessToken();
    now += 3600 * 1000;
    expect(await signBlob(token)).toMatchObject({
      status: 401,
      body: { error: { message: expect.stringMatching(/invalid authentication/) as string } },
    });
  });

  it('rejects unknown accounts and malformed requests', async () => {
    const token = await accessToken();
    const stranger = 'stranger@elsewhere.iam.gserviceaccount.com';
    expect(await signBlob(token, { email: stranger })).toMatchObject({
      status: 404,
      body: { error: { code: 404, status: 'NOT_FOUND' } },
    });
    for (const bad of [
      { project: 'a-project' },
      { body: '' },
      { body: 'null' },
      { body: '{"payload":"not base64!"}' },
    ]) {
      expect(await signBlob(token, bad)).toMatchObject({
        status: 400,
        body: { error: { status: 'INVALID_ARGUMENT' } },
      });
    }
  });

  it.each([
    ['api-disabled', 403, 'PERMISSION_DENIED', 'SERVICE_DISABLED'],
    ['permission-denied', 403, 'PERMISSION_DENIED', 'IAM_PERMISSION_DENIED'],
    ['rate-limited', 429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED'],
    ['unavailable', 503, 'UNAVAILABLE', undefined],
    ['internal', 500, 'INTERNAL', undefined],
  ] as const)('answers %s in Google’s words', async (fault, code, status, reason) => {
    const token = await accessToken();
    fakes.iam.setFault(fault);
    const answer = await signBlob(token);
    expect(answer).toMatchObject({ status: code, body: { error: { code, status } } });
    expect(JSON.stringify(answer.body).match(/"reason":"(\w+)"/)?.[1]).toBe(reason);
  });
});

describe('the token endpoint', () => {
  it('returns an access token for an assertion signed with the key file', async () => {
    expect(await exchange(await assertion(fakes.account))).toEqual({
      status: 200,
      body: {
        access_token: expect.stringMatching(/^ya29\./) as string,
        expires_in: 3599,
        token_type: 'Bearer',
      },
    });
  });

  it('returns one for the refresh token in the user credentials', async () => {
    const { refresh_token } = JSON.parse(readFileSync(fakes.userFile, 'utf8')) as {
      refresh_token: string;
    };
    const refresh = (token: string) => {
      const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token });
      return post(fakes.oauth, OAUTH_HOST, '/token', form.toString());
    };
    const { status, body } = await refresh(refresh_token);
    expect(status).toBe(200);
    expect((await signBlob(String(body.access_token))).status).toBe(200);
    expect((await refresh('another')).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('rejects everything else', async () => {
    const other = fakes.addAccount('other');
    const forged = { ...other, email: fakes.account.email };
    const unknown = { ...other, email: 'unknown@elsewhere.iam.gserviceaccount.com' };
    const good = await assertion(fakes.account);
    const hour = 3600;
    const cases: [string, RegExp, string?][] = [
      [await assertion(forged), /Invalid JWT Signature/],
      [await assertion(unknown), /account not found/],
      [await assertion(fakes.account, { aud: 'https://elsewhere' }), /audience/],
      [await assertion(fakes.account, { exp: NOW / 1000 - hour }), /short-lived/],
      [await assertion(fakes.account, { iat: NOW / 1000 - 2 * hour }), /short-lived/],
      [await assertion(fakes.account, { exp: NOW / 1000 + 2 * hour }), /short-lived/],
      ['not-a-jwt', /Bad Request/],
      [good, /grant_type/, 'password'],
    ];
    for (const [jwt, description, grantType] of cases) {
      const { status, body } = await exchange(jwt, grantType);
      expect(status).toBe(400);
      expect(body.error_description).toMatch(description);
    }
  });
});

describe('the certificates', () => {
  it('are valid only for the host names of the fakes, and signed by the given CA', async () => {
    await expect(post(fakes.iam, 'example.com', '/', '')).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(new X509Certificate(readFileSync(fakes.caFile)).ca).toBe(true);
  });
});
