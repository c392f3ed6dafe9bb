import { generateKeyPairSync } from 'node:crypto';
import { resolve } from 'node:path';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { startGoogleFakes, type GoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import { cookieOf, newKey, ORIGIN } from '../sessions/support/site';
import { startFirebaseAuth, type FirebaseAuth } from './support/firebase-auth';

const forger = generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** The deployed build without any emulator: tokens are verified by their signature. */
describe('sessions in production', () => {
  let google: GoogleFakes;
  let firebase: FirebaseAuth;
  let running: RunningFunction;
  beforeAll(async () => {
    [google, firebase] = await Promise.all([startGoogleFakes(), startFirebaseAuth()]);
    running = await startFunction({
      source: resolve(__dirname, '../..'),
      target: 'sessions',
      mapHosts: { ...google.mapHosts, ...firebase.mapHosts },
      env: {
        ...google.env,
        ...firebase.env,
        WEB_ORIGINS: ORIGIN,
        WEB_API_KEY: 'the-web-api-key',
        SESSION_KEYS: newKey(),
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    await Promise.all([google.close(), firebase.close()]);
  });

  async function whoIs(headers: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${running.origin}/session/user`, { headers });
    return ((await response.json()) as { readonly user: unknown }).user;
  }

  // First, while Google's certificates are not known yet.
  it('sign nobody out while Google cannot be reached', async () => {
    firebase.setFault('reset');
    const headers = { Authorization: `Bearer ${firebase.idToken()}` };
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
    expect(await bearer(firebase.idToken())).toEqual({ uid: 'tiki:1', name: null });

    const [, payload = '', signature = ''] = firebase.idToken().split('.');
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const token of [
      firebase.idToken(forger.privateKey),
      firebase.idToken(undefined, { aud: 'another-project' }),
      firebase.idToken(undefined, { exp: 1_000 }),
      `${unsigned}.${payload}.`,
      `${unsigned}.${payload}.${signature}`,
      'a.b.c',
    ]) {
      expect(await bearer(token)).toBeNull();
    }
  });
});
