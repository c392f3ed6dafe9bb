import { newSecret, ORIGIN, startSite, type TestSite } from '../../sessions/support/site';

/**
 * Attack (login CSRF): a foreign site makes its visitor's browser sign in to ours as the attacker, by
 * a form or a request that needs no preflight. What the visitor then does is the attacker's to see.
 */
describe.each(['/session/trade', '/session/sign_in'])('%s', (path) => {
  let site: TestSite;
  beforeAll(async () => {
    site = await startSite({ WEB_ORIGINS: `${ORIGIN},https://other.example.com` });
  });
  afterAll(() => site.close());

  const bodies = () =>
    path === '/session/trade'
      ? [{ code: newSecret(), verifier: newSecret() }]
      : [
          { customToken: site.auth.customToken('666') },
          { code: newSecret(), verifier: newSecret() },
        ];

  async function refused(headers: Record<string, string>, status: number): Promise<void> {
    for (const body of bodies()) {
      const response = await fetch(site.origin + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(status);
      expect(response.headers.get('set-cookie')).toBeNull();
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(site.auth.calls).toEqual([]);
  }

  it.each([
    ['none', undefined],
    ['null, as of a sandboxed frame', 'null'],
    ['a foreign one', 'https://evil.example'],
    ['one that starts as ours', `${ORIGIN}.evil.example`],
    ['one that ends as ours', 'https://evil-shop.example.com'],
    ['a domain below ours', 'https://a.shop.example.com'],
    ['ours without TLS', ORIGIN.replace('https', 'http')],
    ['ours at another port', `${ORIGIN}:8443`],
    ['ours in upper case', ORIGIN.toUpperCase()],
    ['two of ours', `${ORIGIN}, https://other.example.com`],
  ])('refuses JSON with this Origin: %s', async (_name, origin) => {
    await refused(
      { 'Content-Type': 'application/json', ...(origin !== undefined && { Origin: origin }) },
      403,
    );
  });

  // What forms and no-cors requests can declare, also from our own origin.
  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
    'refuses a body that is declared as %s',
    async (type) => {
      await refused({ 'Content-Type': type, Origin: ORIGIN }, 415);
    },
  );

  it('answers no preflight, so that no page of another origin gets to send JSON', async () => {
    const response = await fetch(site.origin + path, {
      method: 'OPTIONS',
      headers: { Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('does nothing on GET', async () => {
    expect((await site.ask(path)).status).toBe(405);
  });
});
