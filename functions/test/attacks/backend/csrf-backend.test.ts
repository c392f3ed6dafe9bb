import { startBackend, type TestBackend } from '../../backend/support/backend';

/**
 * Attack (CSRF): a foreign site makes its visitor's browser change something at the backend. The
 * visitor's cookie goes along with the request; the CSRF token of the session does not.
 */
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];

it.each(METHODS)('refuses %s with a cookie alone', async (method) => {
  const { cookie } = await backend.site.signIn('1');
  const other = await backend.site.signIn('2');
  const calls = backend.service.seen.length;
  const wrong: (string | undefined)[] = [undefined, '', 'guess', other.csrfToken];
  for (const token of wrong) {
    const response = await fetch(`${backend.origin}/backend/orders`, {
      method,
      headers: { Cookie: cookie, ...(token !== undefined && { 'X-CSRF-Token': token }) },
    });
    expect(response.status).toBe(403);
  }
  expect(backend.service.seen).toHaveLength(calls);
});

it.each(METHODS)("accepts %s with the session's own token", async (method) => {
  const { cookie, csrfToken } = await backend.site.signIn('1');
  const response = await fetch(`${backend.origin}/backend/orders`, {
    method,
    headers: { Cookie: cookie, 'X-CSRF-Token': csrfToken },
  });
  expect(response.status).toBe(200);
  expect(backend.service.seen.at(-1)?.method).toBe(method);
});

it('lets no header of the request change its method', async () => {
  const { cookie } = await backend.site.signIn('1');
  await fetch(`${backend.origin}/backend/orders?_method=DELETE`, {
    headers: { Cookie: cookie, 'X-HTTP-Method-Override': 'DELETE', 'X-Method-Override': 'DELETE' },
  });
  const { method, headers } = backend.service.seen.at(-1) ?? { method: '', headers: {} };
  expect(method).toBe('GET');
  expect(Object.keys(headers).filter((name) => name.includes('override'))).toEqual([]);
});
