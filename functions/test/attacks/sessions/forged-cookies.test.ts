import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { moveClock, newKey, startSite, type TestSite } from '../../sessions/support/site';

/** Attack: a cookie that this project has not sealed, or that is no longer good. */
describe('a forged cookie', () => {
  let site: TestSite;
  let genuine: string;
  beforeAll(async () => {
    site = await startSite();
    genuine = (await site.signIn('1')).cookie.slice('__session='.length);
  });
  afterAll(() => site.close());

  async function refused(value: string): Promise<void> {
    const response = await site.ask('/session/user', { headers: { Cookie: `__session=${value}` } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ user: null, csrfToken: null });
    // Not on GET: late, the answer would remove the cookie of a sign-in that was quicker.
    expect(response.headers.get('set-cookie')).toBeNull();
  }

  /** A cookie with our own format, of any key, project and lifetime. */
  async function sealed(options: {
    readonly key?: string;
    readonly project?: string;
    readonly lifetime?: number;
    readonly payload?: object;
  }): Promise<string> {
    const { EncryptJWT } = await import('jose');
    const secret = Buffer.from(options.key ?? site.key, 'base64');
    const key = new Uint8Array(hkdfSync('sha256', secret, '', 'web session cookie', 32));
    const kid = createHash('sha256').update(Buffer.from(site.key, 'base64')).digest('base64url');
    const iat = Math.floor(Date.now() / 1_000);
    const payload = {
      refreshToken: 'refresh-token-of-tiki:1-1',
      sessionId: 'x',
      iat,
      exp: iat + (options.lifetime ?? 60),
      ...options.payload,
    };
    return new EncryptJWT(payload)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: kid.slice(0, 11) })
      .setAudience(options.project ?? 'demo-tiki-bridge')
      .encrypt(key);
  }

  it('is one that the real key would open: the others are refused for the difference alone', async () => {
    const Cookie = `__session=${await sealed({})}`;
    const response = await site.ask('/session/user', { headers: { Cookie } });
    expect(await response.json()).toMatchObject({ user: { uid: 'tiki:1' } });
  });

  it.each<[string, Parameters<typeof sealed>[0]]>([
    ['sealed with another key under the name of ours', { key: newKey() }],
    ['sealed for another project', { project: 'another-project' }],
    ['that has expired', { lifetime: -1 }],
    ['without an end', { payload: { exp: undefined } }],
    ['without a refresh token', { payload: { refreshToken: '' } }],
    ['with a refresh token that Google never issued', { payload: { refreshToken: 'made-up' } }],
    ['without a session id', { payload: { sessionId: undefined } }],
  ])('is refused: %s', async (_name, options) => {
    await refused(await sealed(options));
  });

  it('is refused with a bit flipped, cut short or extended anywhere', async () => {
    const parts = genuine.split('.');
    for (const [index, part] of parts.entries()) {
      if (part === '') continue;
      const flipped = (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
      await refused(parts.with(index, flipped).join('.'));
      await refused(parts.with(index, part.slice(0, -4)).join('.'));
      await refused(parts.with(index, `${part}AAAA`).join('.'));
      await refused(parts.slice(0, index).join('.') || 'x');
    }
  });

  it('is refused as another kind of token', async () => {
    const other = randomBytes(40).toString('base64url');
    const { UnsecuredJWT } = await import('jose');
    const none = new UnsecuredJWT({ refreshToken: 'refresh-token-of-tiki:1-1', sessionId: 'x' })
      .setExpirationTime('1h')
      .encode();
    for (const value of ['a.b.c', 'a.b.c.d.e', '....', other, none, '%00', '"quoted"', 'null']) {
      await refused(value);
    }
  });

  it('of a session that has ended is refused, however the browser kept it', async () => {
    const Cookie = `__session=${genuine}`;
    moveClock(14 * 86_400_000 + 1_000);
    const response = await site.ask('/session/user', { headers: { Cookie } });
    expect(await response.json()).toMatchObject({ user: null });
  });
});
