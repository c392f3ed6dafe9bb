import { startSite, type TestSite } from '../../sessions/support/site';

/** Attack: requests that are larger than anything an honest page sends. */
describe('an oversized request', () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  const paths = ['hand_over', 'trade', 'sign_in', 'sign_out'].map((name) => `/session/${name}`);

  it.each(paths)('is refused before it is read: %s', async (path) => {
    const response = await site.ask(path, { body: 'x'.repeat(16 * 1024 + 1) });
    expect(response.status).toBe(413);
  });

  it.each<[string, string, object, string]>([
    ['trade', 'code', { code: 'x'.repeat(5_000), verifier: 'x' }, 'longer than 4096'],
    ['trade', 'code', { code: 'x'.repeat(44), verifier: 'x' }, 'documented form'],
    ['trade', 'verifier', { code: 'x'.repeat(43), verifier: 'x'.repeat(42) }, 'documented form'],
    ['hand_over', 'challenge', { challenge: 'ä'.repeat(43), origin: 'https://a.b' }, 'documented'],
    ['hand_over', 'origin', { challenge: 'x'.repeat(43), origin: 'https://a.b/c' }, 'documented'],
    ['sign_in', 'customToken', { customToken: `a.${'x'.repeat(4_096)}.` }, 'longer than 4096'],
    ['sign_in', 'customToken', { customToken: { toString: 1 } }, 'is not a string'],
    ['sign_in', 'verifier', { code: 'x'.repeat(43) }, 'is missing'],
    ['sign_out', 'everywhere', { everywhere: 'true' }, 'documented form'],
  ])('%s names the field %s', async (name, field, body, words) => {
    const response = await site.ask(`/session/${name}`, { body });
    const { detail } = (await response.json()) as { readonly detail: string };
    expect(response.status).toBe(400);
    expect(detail).toContain(`"${field}"`);
    expect(detail).toContain(words);
  });

  it.each(['[]', 'null', '"x"', '7', '{"__proto__": {"code": "x"}}'])(
    'is refused where it is no object with fields of its own: %s',
    async (body) => {
      expect((await site.ask('/session/trade', { body })).status).toBe(400);
    },
  );

  it('in a cookie signs nobody in', async () => {
    const { cookie } = await site.signIn('1');
    for (const value of ['x'.repeat(12_000), `${'a.'.repeat(5_000)}b`, `${cookie.slice(10)}.x`]) {
      const headers = { Cookie: `__session=${value}` };
      const response = await site.ask('/session/user', { headers });
      expect(await response.json()).toEqual({ user: null, csrfToken: null });
    }
  });
});
