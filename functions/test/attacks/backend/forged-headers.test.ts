import { startBackend, type TestBackend } from '../../backend/support/backend';
import { claimsOf } from '../../support/jwt';

/**
 * Attack: a caller sends the headers that name the user, the service's caller, or the way that the
 * request came, so that the private service believes them.
 */
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const call = (headers: Record<string, string>) =>
  fetch(`${backend.origin}/backend/whoami`, { headers: { ...backend.bearer('666'), ...headers } });

it('replaces X-Tiki-User, also with one that was real: of another user, recorded before', async () => {
  await fetch(`${backend.origin}/backend/whoami`, { headers: backend.bearer('1') });
  const recorded = String(backend.service.seen.at(-1)?.headers['x-tiki-user']);
  expect(claimsOf(recorded)['sub']).toBe('tiki:1');
  for (const name of ['X-Tiki-User', 'x-tiki-user', 'X-TIKI-USER']) {
    await call({ [name]: recorded });
    const seen = backend.service.seen.at(-1);
    const values = (seen?.rawHeaders ?? []).filter(
      (_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'x-tiki-user',
    );
    expect(values.map((value) => claimsOf(value)['sub'])).toEqual(['tiki:666']);
  }
});

it('is not itself accepted as a session', async () => {
  await fetch(`${backend.origin}/backend/whoami`, { headers: backend.bearer('1') });
  const userToken = String(backend.service.seen.at(-1)?.headers['x-tiki-user']);
  const response = await fetch(`${backend.origin}/backend/whoami`, {
    headers: { Authorization: `Bearer ${userToken}` },
  });
  expect(response.status).toBe(401);
});

it('passes on no other header that a server on the way could believe', async () => {
  const forged = {
    'X-Serverless-Authorization': 'Bearer forged',
    'X-Goog-Authenticated-User-Email': 'accounts.google.com:admin@example.com',
    'X-Goog-IAP-JWT-Assertion': 'forged',
    'X-Forwarded-For': '127.0.0.1',
    'X-Forwarded-Host': 'forged.example',
    Forwarded: 'for=127.0.0.1',
    'X-Original-URL': '/admin',
    'X-Rewrite-URL': '/admin',
    'X-CloudScheduler': 'true',
    'Proxy-Authorization': 'Basic forged',
    'X-Tiki_User': 'tiki:1',
    X_Tiki_User: 'tiki:1',
  };
  await call(forged);
  const seen = backend.service.seen.at(-1);
  expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(
    [
      'accept',
      'accept-encoding',
      'accept-language',
      'authorization',
      'connection',
      'host',
      'user-agent',
      'x-tiki-user',
    ].sort(),
  );
  expect(JSON.stringify(seen)).not.toMatch(/forged|127\.0\.0\.1,/);
  expect(seen?.headers.host).toBe(backend.service.host);
});
