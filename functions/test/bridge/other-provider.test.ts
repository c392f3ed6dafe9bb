import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { createAuth } from '../../src/auth/assemble';
import { Problem } from '../../src/problem';
import type { Provider, Tokens } from '../../src/providers/provider';
import { answerWith } from '../../src/server/take-over';
import { json } from '../support/bridge';
import { verifyRs256 } from '../support/jwt';

const CUSTOMER = { id: '9007199254740993', name: 'Lan' };
const TOKENS: Tokens = {
  accessToken: 'access-1',
  expiresIn: 600,
  refreshToken: 'refresh-1',
  scopes: ['profile'],
  tokenType: 'bearer',
  customer: undefined,
};

/** Another platform, as docs/contribute.md describes it: it knows one code and one customer. */
const sunApp: Provider = {
  name: 'sun',
  uidPrefix: 'sun:',
  customerIdClaim: 'sunUserId',
  exchange: (code) =>
    code === 'good.code'
      ? Promise.resolve(TOKENS)
      : Promise.reject(new Problem('invalid-code', { operator: { cause: 'Sun refused' } })),
  refresh: () => Promise.resolve(TOKENS),
  identify: (accessToken) =>
    accessToken === TOKENS.accessToken
      ? Promise.resolve({ customer: CUSTOMER, scopes: TOKENS.scopes })
      : Promise.reject(new Problem('invalid-token')),
};

describe('another provider in the place of Tiki', () => {
  const account = makeServiceAccount('signer', 'tiki-bridge-test');
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'provider-test-'));
    const keyFile = join(folder, 'key.json');
    writeFileSync(keyFile, JSON.stringify(account.keyFile));
    server = createServer();
    const env = {
      TIKI_CLIENT_KEY: 'key',
      TIKI_CLIENT_SECRET: 'secret',
      TIKI_TOKENS_TO_CLIENT: 'true',
      GOOGLE_APPLICATION_CREDENTIALS: keyFile,
    };
    answerWith(
      server,
      createAuth(env, () => sunApp),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const post = (path: string, body: object) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  it.each([
    ['/auth_exchange', { code: 'good.code' }],
    ['/auth_refresh', { refresh_token: 'refresh-1' }],
  ])('opens a session of its own with %s', async (path, body) => {
    const response = await post(path, body);
    expect(response.status).toBe(200);
    const session = await json(response);
    expect(session).toMatchObject({
      uid: 'sun:9007199254740993',
      customer: CUSTOMER,
      sun: { accessToken: 'access-1' },
    });
    const { payload } = verifyRs256(String(session['customToken']), account.publicKeyPem);
    expect(payload).toMatchObject({
      uid: 'sun:9007199254740993',
      claims: { provider: 'sun', sunUserId: '9007199254740993' },
    });
  });

  it('identifies a customer and refuses codes and tokens by itself', async () => {
    const known = await post('/auth_info', { access_token: 'access-1' });
    expect(await json(known)).toMatchObject({ uid: 'sun:9007199254740993' });
    expect((await post('/auth_info', { access_token: 'other' })).status).toBe(401);
    expect((await post('/auth_exchange', { code: 'bad.code' })).status).toBe(401);
  });
});
