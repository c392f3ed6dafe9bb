import { decodeJwt } from 'jose';
import { type AccessTokens, createAccessTokens } from './access-tokens';
import type { LoopbackFake } from './loopback-fake';
import { startMetadataServer } from './metadata-server';
import { makeServiceAccount } from './service-account';

const NOW = Date.UTC(2026, 10, 22);
const ACCOUNT = '/computeMetadata/v1/instance/service-accounts/default';
const account = makeServiceAccount('runtime', 'a-project');

let server: LoopbackFake<'unavailable'>;
let tokens: AccessTokens;

async function start(attached = true): Promise<void> {
  tokens = createAccessTokens({ now: () => NOW, lifetimeSeconds: 3599 });
  server = await startMetadataServer({
    projectId: 'a-project',
    account: attached ? account : null,
    tokens,
    now: () => NOW,
  });
}
beforeEach(() => start());
afterEach(() => server.close());

function ask(
  path: string,
  headers: Record<string, string> = { 'Metadata-Flavor': 'Google' },
): Promise<Response> {
  return fetch(`http://${server.address}${path}`, { headers });
}

describe('the metadata server', () => {
  it.each([
    ['/computeMetadata/v1/project/project-id', 'a-project'],
    ['/computeMetadata/v1/project/numeric-project-id', '123456789'],
    ['/computeMetadata/v1/universe/universe-domain', 'googleapis.com'],
    ['/computeMetadata/v1/instance', 'id\nregion\nservice-accounts/\nzone\n'],
    ['/computeMetadata/v1/instance/service-accounts/', `default/\n${account.email}/\n`],
    [`${ACCOUNT}/email`, account.email],
    [`${ACCOUNT}/scopes`, 'https://www.googleapis.com/auth/cloud-platform\n'],
  ])('answers %s', async (path, body) => {
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('metadata-flavor')).toBe('Google');
    expect(await response.text()).toBe(body);
  });

  it('lists a directory recursively as JSON in camel case, without tokens', async () => {
    const listing = {
      aliases: ['default'],
      email: account.email,
      scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    };
    expect(await (await ask(`${ACCOUNT}/?recursive=true`)).json()).toEqual(listing);
    expect(await (await ask('/computeMetadata/v1/?recursive=true')).json()).toMatchObject({
      instance: { serviceAccounts: { default: listing, [account.email]: listing } },
      project: { projectId: 'a-project', numericProjectId: '123456789' },
    });
  });

  it('issues access tokens that the other fakes accept', async () => {
    const body: unknown = await (await ask(`${ACCOUNT}/token`)).json();
    expect(body).toEqual({
      access_token: expect.stringMatching(/^ya29\./) as string,
      expires_in: 3599,
      token_type: 'Bearer',
    });
    const { access_token } = body as { access_token: string }; // Checked above.
    expect(tokens.find(access_token)).toBe(account.email);
    expect(tokens.find(`${access_token}x`)).toBeUndefined();
  });

  it('issues ID tokens for the requested audience', async () => {
    const token = await (await ask(`${ACCOUNT}/identity?format=full&audience=https://a`)).text();
    expect(decodeJwt(token)).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: 'https://a',
      sub: account.uniqueId,
      email: account.email,
      iat: NOW / 1000,
    });
    expect((await ask(`${ACCOUNT}/identity`)).status).toBe(400);
  });

  it('rejects requests without its header, and forwarded requests', async () => {
    expect((await ask(`${ACCOUNT}/email`, {})).status).toBe(403);
    const forwarded = { 'Metadata-Flavor': 'Google', 'X-Forwarded-For': '192.0.2.1' };
    expect((await ask(`${ACCOUNT}/email`, forwarded)).status).toBe(403);
  });

  it('returns 404 for unknown paths, and for the account of an instance without one', async () => {
    expect((await ask('/computeMetadata/v1/instance/nothing')).status).toBe(404);
    expect((await ask('/computeMetadata/v1/project/constructor')).status).toBe(404);
    await server.close();
    await start(false);
    expect((await ask(`${ACCOUNT}/email`)).status).toBe(404);
    expect((await ask(`${ACCOUNT}/token`)).status).toBe(404);
    expect(await (await ask('/computeMetadata/v1/instance/service-accounts/')).text()).toBe('');
  });
});

describe('a fake with a fault', () => {
  it('returns 5xx, resets, or responds late, until the fault is cleared', async () => {
    server.setFault('unavailable');
    expect((await ask(`${ACCOUNT}/email`)).status).toBe(503);
    server.setFault('reset');
    await expect(ask(`${ACCOUNT}/email`)).rejects.toMatchObject({
      cause: { code: 'UND_ERR_SOCKET' },
    });
    server.setFault({ latencyMs: 30 });
    const before = performance.now();
    expect((await ask(`${ACCOUNT}/email`)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(25);
    server.setFault(null);
    expect((await ask(`${ACCOUNT}/email`)).status).toBe(200);
    expect(server.calls.map((call) => call.outcome)).toEqual([503, 'reset', 200, 200]);
  });

  it('hangs without ever responding', async () => {
    const arrived = new Promise<void>((resolve) => {
      server.setFault(() => {
        resolve();
        return 'hang';
      });
    });
    const answer = ask(`${ACCOUNT}/email`);
    await arrived;
    expect(server.calls.map((call) => call.outcome)).toEqual(['hang']);
    await Promise.all([
      expect(answer).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } }),
      server.close(),
    ]);
  });

  it('refuses connections, and accepts them again on the same port', async () => {
    await server.refuse();
    await expect(ask(`${ACCOUNT}/email`)).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    });
    await server.accept();
    expect((await ask(`${ACCOUNT}/email`)).status).toBe(200);
  });

  it('can fail selected requests only', async () => {
    let left = 2;
    server.setFault(() => (left-- > 0 ? 'unavailable' : null));
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await ask(`${ACCOUNT}/email`)).status);
    expect(statuses).toEqual([503, 503, 200]);
  });
});
