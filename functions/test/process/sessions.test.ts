import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { startGoogleFakes, type GoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import {
  jsonAnswer,
  startLoopbackFake,
  type LoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';
import { cookieOf, newKey, ORIGIN } from '../sessions/support/site';

const PROJECT = 'tiki-bridge-test';
const HOSTS = [
  'identitytoolkit.googleapis.com',
  'securetoken.googleapis.com',
  'www.googleapis.com',
] as const;

const genuine = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const forger = generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** A signed ID token, as production has them and the emulator has not. */
function idToken(key = genuine.privateKey, claims: object = {}): string {
  const iat = Math.floor(Date.now() / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })}.${part({
    iss: `https://securetoken.google.com/${PROJECT}`,
    aud: PROJECT,
    sub: 'tiki:1',
    auth_time: iat,
    iat,
    exp: iat + 3_600,
    ...claims,
  })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

/** The deployed build without any emulator: tokens are verified by their signature. */
describe('sessions in production', () => {
  let google: GoogleFakes;
  let firebase: LoopbackFake<never>;
  let running: RunningFunction;
  const folder = mkdtempSync(join(tmpdir(), 'sessions-'));
  beforeAll(async () => {
    const tls = await makeCertificates(HOSTS);
    [google, firebase] = await Promise.all([
      startGoogleFakes(),
      startLoopbackFake<never>({
        tls,
        answer: ({ url }) => {
          if (url.pathname === '/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com') {
            const pem = genuine.publicKey.export({ type: 'spki', format: 'pem' });
            return jsonAnswer(200, { 'key-1': String(pem) });
          }
          return url.pathname === '/v1/accounts:signInWithCustomToken'
            ? jsonAnswer(200, { idToken: idToken(), refreshToken: 'a-refresh-token' })
            : jsonAnswer(200, { id_token: idToken(), refresh_token: 'a-refresh-token' });
        },
      }),
    ]);
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, tls.caPem);
    running = await startFunction({
      source: resolve(__dirname, '../..'),
      target: 'sessions',
      mapHosts: {
        ...google.mapHosts,
        ...Object.fromEntries(HOSTS.map((host) => [`${host}:443`, firebase.address])),
      },
      env: {
        ...google.env,
        NODE_EXTRA_CA_CERTS: caFile,
        WEB_ORIGINS: ORIGIN,
        WEB_API_KEY: 'the-web-api-key',
        SESSION_KEYS: newKey(),
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    await Promise.all([google.close(), firebase.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function whoIs(headers: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${running.origin}/session/user`, { headers });
    return ((await response.json()) as { readonly user: unknown }).user;
  }

  // First, while Google's certificates are not known yet.
  it('sign nobody out while Google cannot be reached', async () => {
    firebase.setFault('reset');
    const headers = { Authorization: `Bearer ${idToken()}` };
    const response = await fetch(`${running.origin}/session/user`, { headers });
    firebase.setFault(null);
    // firebase-admin retries a broken connection, for longer than the request waits.
    expect(await response.json()).toMatchObject({
      code: expect.stringMatching(/^upstream-(?:unavailable|timeout)$/) as string,
    });
  });

  it('sign in at Google with the key of the project, and know the user by the cookie', async () => {
    const response = await fetch(`${running.origin}/session/sign_in`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
      body: JSON.stringify({ customToken: 'a.b.c' }),
    });
    expect(response.status).toBe(200);
    expect(firebase.calls.find(({ method }) => method === 'POST')).toMatchObject({
      host: 'identitytoolkit.googleapis.com',
      path: '/v1/accounts:signInWithCustomToken?key=the-web-api-key',
    });
    expect(await whoIs({ Cookie: cookieOf(response) })).toEqual({ uid: 'tiki:1', name: null });
  });

  it('take a token that Google has signed, and no other', async () => {
    const bearer = (token: string) => whoIs({ Authorization: `Bearer ${token}` });
    expect(await bearer(idToken())).toEqual({ uid: 'tiki:1', name: null });

    const [, payload = '', signature = ''] = idToken().split('.');
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const token of [
      idToken(forger.privateKey),
      idToken(genuine.privateKey, { aud: 'another-project' }),
      idToken(genuine.privateKey, { exp: 1_000 }),
      `${unsigned}.${payload}.`,
      `${unsigned}.${payload}.${signature}`,
      'a.b.c',
    ]) {
      expect(await bearer(token)).toBeNull();
    }
  });
});
