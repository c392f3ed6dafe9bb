import { ACCOUNT, PUBLIC_KEY, startBackend, type TestBackend } from './support/backend';
import { verifyRs256 } from '../support/jwt';

let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const last = () => {
  const seen = backend.service.seen.at(-1);
  if (!seen) throw new Error('the service was not called');
  return seen;
};

it('passes a call on, with an ID token for the service and the name of the user', async () => {
  const response = await fetch(`${backend.origin}/backend/orders/7?from=1&to=2`, {
    headers: backend.bearer(),
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ from: 'upstream' });
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  const { target, method, headers } = last();
  expect([method, target]).toEqual(['GET', '/orders/7?from=1&to=2']);
  expect(headers.authorization).toBe('Bearer id-token-1');
  expect(backend.audiences).toEqual([`http://${backend.service.host}`]);
  const { payload } = verifyRs256(String(headers['x-tiki-user']), PUBLIC_KEY);
  expect(payload).toMatchObject({
    iss: ACCOUNT,
    aud: `http://${backend.service.host}`,
    sub: 'tiki:1001',
  });
  expect(Number(payload['exp']) - Number(payload['iat'])).toBe(60);
  expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sub']);
});

it('knows a session in a cookie too, and keeps the cookie to itself', async () => {
  const { cookie } = await backend.site.signIn('1002');
  const response = await fetch(`${backend.origin}/backend/whoami`, { headers: { Cookie: cookie } });
  expect(response.status).toBe(200);
  expect(last().headers.cookie).toBeUndefined();
  const { payload } = verifyRs256(String(last().headers['x-tiki-user']), PUBLIC_KEY);
  expect(payload['sub']).toBe('tiki:1002');
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('passes the body of %s on', async (method) => {
  const body = JSON.stringify({ text: 'Trà sữa '.repeat(20_000) });
  const response = await fetch(`${backend.origin}/backend/notes`, {
    method,
    body,
    headers: { ...backend.bearer(), 'Content-Type': 'application/json' },
  });
  expect(response.status).toBe(200);
  expect(last()).toMatchObject({ method, target: '/notes', body });
  expect(last().headers['content-length']).toBe(String(Buffer.byteLength(body)));
});

it("passes the service's own refusals on, without its cookies", async () => {
  backend.service.answer((response) => {
    response
      .writeHead(401, {
        'Content-Type': 'application/json',
        'Set-Cookie': '__session=stolen',
        'Access-Control-Allow-Origin': '*',
        Server: 'shop',
      })
      .end('{"error":"not yours"}');
  });
  const response = await fetch(`${backend.origin}/backend/orders`, { headers: backend.bearer() });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ error: 'not yours' });
  for (const name of ['set-cookie', 'access-control-allow-origin', 'server']) {
    expect(response.headers.get(name)).toBeNull();
  }
});

/** Cloud Run's own answers, as its front end words them. */
const PAGE = { 'Content-Type': 'text/html; charset=UTF-8' };
const REFUSED = { ...PAGE, 'WWW-Authenticate': 'Bearer error="invalid_token"' };

it('gets another ID token after Google has refused one, once a minute', async () => {
  backend.service.answer((response) => response.writeHead(401, REFUSED).end('<html>'));
  const before = backend.audiences.length;
  const statuses: number[] = [];
  for (let calls = 0; calls < 3; calls += 1) {
    const refused = await fetch(`${backend.origin}/backend/orders`, { headers: backend.bearer() });
    statuses.push(refused.status);
    expect(refused.headers.get('retry-after')).toBe('1');
  }
  expect(statuses).toEqual([503, 503, 503]);
  backend.service.answer((response) => response.end('{}'));
  const again = await fetch(`${backend.origin}/backend/orders`, { headers: backend.bearer() });
  expect(again.status).toBe(200);
  expect(backend.audiences).toHaveLength(before + 1);
  expect(backend.logged()).toContain('PRIVATE_BACKEND_AUDIENCE');
});

it("takes the service's own 401 for invalid tokens for what it is", async () => {
  backend.service.answer((response) => {
    const headers = { ...REFUSED, 'Content-Type': 'application/json' };
    response.writeHead(401, headers).end('{"error":"invalid_token"}');
  });
  const response = await fetch(`${backend.origin}/backend/orders`, { headers: backend.bearer() });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ error: 'invalid_token' });
  backend.service.answer((answer) => answer.end('{}'));
});

it('tells the operator how Cloud Run lets this function call the service', async () => {
  backend.service.answer((response) => response.writeHead(403, PAGE).end('<html>'));
  const response = await fetch(`${backend.origin}/backend/orders`, { headers: backend.bearer() });
  expect(response.status).toBe(403);
  expect(backend.entries.at(-1)).toMatchObject({
    severity: 'WARNING',
    outcome: 'backend-forbidden',
    operator: {
      remedy: expect.stringMatching(
        `add-iam-policy-binding .* --member serviceAccount:${ACCOUNT} --role roles/run.invoker`,
      ) as string,
    },
  });
  backend.service.answer((answer) => {
    answer.writeHead(403, { 'Content-Type': 'application/json' }).end('{}');
  });
  await fetch(`${backend.origin}/backend/orders`, { headers: backend.bearer() });
  expect(backend.entries.at(-1)).toMatchObject({ severity: 'INFO', outcome: 'ok', status: 403 });
  backend.service.answer((answer) => answer.end('{}'));
});

it('signs in nobody, and calls the service for nobody', async () => {
  const before = backend.service.seen.length;
  const strangers = [
    {},
    { Authorization: 'Bearer a.b.c' },
    { Cookie: '__session=made-up' },
    // A user of the project who is no customer.
    {
      Authorization: `Bearer ${backend.site.auth.idToken('anonymous', { provider: 'anonymous' })}`,
    },
  ];
  backend.site.auth.accounts.set('anonymous', {});
  const statuses: number[] = [];
  for (const headers of strangers) {
    const response = await fetch(`${backend.origin}/backend/orders`, { headers });
    statuses.push(response.status);
  }
  expect(statuses).toEqual([401, 401, 401, 403]);
  expect(backend.service.seen).toHaveLength(before);
});

it('logs neither tokens nor addresses', async () => {
  await fetch(`${backend.origin}/backend/secret-path?q=secret-query`, {
    headers: backend.bearer(),
  });
  expect(backend.logged()).toContain('tiki:1001');
  expect(backend.logged()).not.toMatch(/secret-|id-token-|eyJ/);
});
