import { spawn, type ChildProcess } from 'node:child_process';
import { createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { startGoogleFakes, type GoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import {
  jsonAnswer,
  startLoopbackFake,
  type FakeRequest,
  type LoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';
import { newKey } from '../sessions/support/site';
import { claimsOf } from '../support/jwt';

const PROJECT = 'tiki-bridge-test';
const GOOGLE = 'www.googleapis.com';
const SERVICE = 'api.shop.example.com';
const EXAMPLE = resolve(__dirname, '../../../examples/backend/express.mjs');
const MAP_HOSTS = require.resolve('@tiki-bridge/testing/google/map-hosts.cjs');

const firebaseKey = generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** A signed ID token of a customer, as production has them. */
function idToken(customerId: string): string {
  const iat = Math.floor(Date.now() / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })}.${part({
    iss: `https://securetoken.google.com/${PROJECT}`,
    aud: PROJECT,
    sub: `tiki:${customerId}`,
    provider: 'tiki',
    tikiCustomerId: customerId,
    auth_time: iat,
    iat,
    exp: iat + 3_600,
  })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(firebaseKey.privateKey, 'base64url')}`;
}

/** The address that the example prints. */
async function listening(example: ChildProcess): Promise<string> {
  let printed = '';
  for await (const chunk of example.stdout ?? []) {
    printed += String(chunk);
    const port = /port (\d+)/.exec(printed)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error('The example did not start');
}

/**
 * The deployed build on Google Cloud, before the example in Express: ID tokens of the metadata
 * server, user tokens of IAM, keys that Google publishes.
 */
describe('a private backend in production', () => {
  let google: GoogleFakes;
  let published: LoopbackFake<never>;
  let service: LoopbackFake<never>;
  let running: RunningFunction;
  let example: ChildProcess;
  let seen: FakeRequest | undefined;
  let keysAreDown = false;
  /** Of the example itself. */
  let address = '';
  const folder = mkdtempSync(join(tmpdir(), 'backend-'));

  beforeAll(async () => {
    const tls = await makeCertificates([GOOGLE, SERVICE]);
    google = await startGoogleFakes();
    const { email, publicKeyPem, keyId } = google.account;
    [published, service] = await Promise.all([
      startLoopbackFake<never>({
        tls,
        answer: ({ url }) => {
          const paths = new Map<string, object>([
            [
              '/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com',
              { 'key-1': firebaseKey.publicKey.export({ type: 'spki', format: 'pem' }) },
            ],
            [
              `/service_accounts/v1/jwk/${email}`,
              {
                keys: [{ ...createPublicKey(publicKeyPem).export({ format: 'jwk' }), kid: keyId }],
              },
            ],
          ]);
          if (keysAreDown && url.pathname.includes('/jwk/')) return { status: 500, body: '' };
          const answer = paths.get(url.pathname);
          return answer ? jsonAnswer(200, answer) : { status: 404, body: '' };
        },
      }),
      startLoopbackFake<never>({
        tls,
        // Where Cloud Run would end TLS and check the ID token.
        answer: async (request) => {
          seen = request;
          const headers = { 'X-Tiki-User': String(request.headers['x-tiki-user']) };
          const response = await fetch(address + request.url.pathname, { headers });
          const body = await response.text();
          return { status: response.status, headers: { 'Content-Type': 'application/json' }, body };
        },
      }),
    ]);
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, `${readFileSync(google.caFile, 'utf8')}\n${tls.caPem}`);
    const mapHosts = {
      ...google.mapHosts,
      [`${GOOGLE}:443`]: published.address,
      [`${SERVICE}:443`]: service.address,
    };
    example = spawn(process.execPath, ['--require', MAP_HOSTS, EXAMPLE], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        BRIDGE_ACCOUNT: email,
        OWN_URL: `https://${SERVICE}`,
        NODE_EXTRA_CA_CERTS: caFile,
        MAP_HOSTS: JSON.stringify(mapHosts),
      },
    });
    [address, running] = await Promise.all([
      listening(example),
      startFunction({
        source: resolve(__dirname, '../..'),
        target: 'backend',
        mapHosts,
        env: {
          ...google.env,
          NODE_EXTRA_CA_CERTS: caFile,
          PRIVATE_BACKEND_URL: `https://${SERVICE}`,
          WEB_API_KEY: 'the-web-api-key',
          SESSION_KEYS: newKey(),
        },
      }),
    ]);
  });
  afterAll(async () => {
    await running.stop();
    example.kill();
    await once(example, 'close');
    await Promise.all([google.close(), published.close(), service.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const whoami = (customerId: string) =>
    fetch(`${running.origin}/backend/whoami`, {
      headers: { Authorization: `Bearer ${idToken(customerId)}` },
    });

  // First, while the example knows no keys.
  it('takes an outage for no sign-out, and a forged token for no outage', async () => {
    keysAreDown = true;
    expect((await whoami('1')).status).toBe(503);
    keysAreDown = false;
    expect((await whoami('1')).status).toBe(200);
    const forged = await fetch(`${address}/whoami`, { headers: { 'X-Tiki-User': idToken('1') } });
    expect(forged.status).toBe(401);
    expect((await fetch(`${address}/whoami`)).status).toBe(401);
  });

  it("answers with the caller's Tiki id", async () => {
    const response = await whoami('9007199254740993');
    expect(await response.json()).toEqual({ uid: 'tiki:9007199254740993' });
    const token = /^Bearer (\S+)$/.exec(seen?.headers.authorization ?? '')?.[1] ?? '';
    expect(claimsOf(token)).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: `https://${SERVICE}`,
      email: google.account.email,
    });
    expect(running.refusedConnections()).toEqual([]);
  });

  it('asks Google once for many requests at the same moment, and signs once for a user', async () => {
    const asked = google.metadata.calls.length;
    const signed = google.iam.calls.length;
    const responses = await Promise.all(Array.from({ length: 40 }, () => whoami('2')));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(google.metadata.calls.length - asked).toBe(0);
    expect(google.iam.calls.slice(signed).map(({ path }) => path)).toEqual([
      expect.stringMatching(/:signJwt$/),
    ]);
  });

  it('tells the caller nothing of a role that is missing, and signs when it is there', async () => {
    google.iam.setFault('permission-denied');
    const response = await whoami('3');
    google.iam.setFault(null);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('gserviceaccount');
    expect((await whoami('3')).status).toBe(200);
  });

  it('writes the command that gives the role into its log, and no token', async () => {
    // All of its output has been read then.
    await running.stop();
    expect(JSON.stringify(running.logs())).toContain(
      'gcloud iam service-accounts add-iam-policy-binding',
    );
    expect(running.stdout()).not.toMatch(/eyJ[\w-]+\.|ya29\./);
  });
});
