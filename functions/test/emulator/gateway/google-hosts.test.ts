import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import {
  jsonAnswer,
  startLoopbackFake,
  type LoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';

const HOSTS = [
  'identitytoolkit.googleapis.com',
  'securetoken.googleapis.com',
  'firestore.googleapis.com',
];
const DOCUMENTS = '/v1/projects/tiki-bridge-test/databases/(default)/documents';
const PAYLOAD = { iss: 'https://securetoken.google.com/tiki-bridge-test', sub: 'tiki:7' };
const ID_TOKEN = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify(PAYLOAD)).toString('base64url')}.canary-signature`;

/** The built function run as in production, with Google's host names mapped to loopback. */
describe('the gateway in production', () => {
  let google: LoopbackFake<never>;
  let running: RunningFunction;
  const folder = mkdtempSync(join(tmpdir(), 'gateway-test-'));

  async function start(trustedNames: readonly string[]): Promise<void> {
    const tls = await makeCertificates(trustedNames);
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, tls.caPem);
    google = await startLoopbackFake({ answer: () => jsonAnswer(200, { from: 'google' }), tls });
    running = await startFunction({
      source: resolve(__dirname, '../../..'),
      target: 'gateway',
      mapHosts: Object.fromEntries(HOSTS.map((host) => [`${host}:443`, google.address])),
      env: {
        NODE_EXTRA_CA_CERTS: caFile,
        GCLOUD_PROJECT: 'tiki-bridge-test',
        WEB_API_KEY: 'canary-web-api-key',
      },
    });
  }
  afterEach(async () => {
    await running.stop();
    await google.close();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const post = (path: string, body: object) =>
    fetch(running.origin + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ID_TOKEN}` },
    });

  it("calls Google's hosts over TLS, and logs no token, key, query or id", async () => {
    await start(HOSTS);
    const answers = [
      await post('/identitytoolkit/v1/accounts:signInWithCustomToken', { token: 'canary-token' }),
      await post('/securetoken/v1/token', { refresh_token: 'canary-token' }),
      await post(`/firestore${DOCUMENTS}/users/canary-id:runQuery`, {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(
      google.calls.map(({ host, path, authorization }) => [host, path, authorization]),
    ).toEqual([
      [
        'identitytoolkit.googleapis.com',
        '/v1/accounts:signInWithCustomToken?key=canary-web-api-key',
        undefined,
      ],
      ['securetoken.googleapis.com', '/v1/token?key=canary-web-api-key', undefined],
      ['firestore.googleapis.com', `${DOCUMENTS}/users/canary-id:runQuery`, `Bearer ${ID_TOKEN}`],
    ]);
    await running.stop();
    const written = running.stdout() + running.stderr();
    expect(running.logs().filter(({ route }) => route !== undefined)).toHaveLength(3);
    expect(written).toContain('firestore.runQuery: ok');
    expect(written).not.toMatch(/canary|eyJ/);
    expect(running.refusedConnections()).toEqual([]);
  });

  it('rejects a server without a certificate for the host name', async () => {
    await start(['elsewhere.example']);
    const response = await post('/securetoken/v1/token', { refresh_token: 'canary-token' });
    expect(response.status).toBe(503);
    expect(google.calls).toEqual([]);
  });
});
