import {
  DOCUMENTS,
  ID_TOKEN,
  problemOf,
  startTestGateway,
  type TestGateway,
} from '../../gateway/support/gateway';

const COMMIT = `${DOCUMENTS}:commit`;
const TOKEN = '/securetoken/v1/token';
const SIGN_IN = '/identitytoolkit/v1/accounts:signInWithCustomToken';
const FORM = 'application/x-www-form-urlencoded';

/**
 * Attack: a foreign page sends text or a form, which browsers allow without a preflight, and counts
 * on the session of whoever visits it.
 */
describe('requests without a preflight', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway({ env: { ALLOWED_ORIGINS: 'https://a.example' } });
  });
  afterEach(() => gateway.close());

  const send = (path: string, type: string, body: string, headers: Record<string, string> = {}) =>
    gateway.fetch(path, { method: 'POST', body, headers: { 'Content-Type': type, ...headers } });

  it('act for nobody, and their answer cannot be read', async () => {
    const answer = await send(COMMIT, 'text/plain', '{}', {
      Origin: 'https://evil.example',
      // What a browser adds by itself.
      Cookie: `__session=${ID_TOKEN}; token=${ID_TOKEN}; Authorization=Bearer ${ID_TOKEN}`,
    });
    const [sent] = gateway.firestore.seen;
    expect([sent?.headers.authorization, sent?.headers.cookie]).toEqual([undefined, undefined]);
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('cannot carry the token in the address or the body', async () => {
    for (const name of ['access_token', 'Authorization', '$httpHeaders']) {
      const answer = await send(`${COMMIT}?${name}=Bearer%20${ID_TOKEN}`, 'text/plain', '{}');
      expect(await problemOf(answer)).toEqual([400, 'invalid-request']);
    }
    const answer = await send(TOKEN, FORM, `access_token=${ID_TOKEN}`);
    expect(await problemOf(answer)).toEqual([400, 'invalid-request']);
    expect([gateway.firestore.seen, gateway.auth.seen]).toEqual([[], []]);
  });

  it.each([
    [COMMIT, FORM],
    [`${DOCUMENTS}/users`, FORM],
    [TOKEN, 'text/plain'],
    [SIGN_IN, 'text/plain'],
    [SIGN_IN, FORM],
    [COMMIT, 'multipart/form-data; boundary=x'],
    [COMMIT, 'text/plain, application/json'],
    [COMMIT, 'text/plainly'],
    [COMMIT, 'text/html; text/plain'],
    [COMMIT, 'application/json+text/plain'],
    [COMMIT, '; text/plain'],
  ])('are accepted in no other place or type: %s %s', async (path, type) => {
    expect(await problemOf(await send(path, type, '{}'))).toEqual([415, 'unsupported-media-type']);
    expect([gateway.firestore.seen, gateway.auth.seen]).toEqual([[], []]);
  });

  it.each([
    'grant_type=refresh_token&refresh_token=a&refresh_token=b',
    'grant_type=refresh_token&grant_type=authorization_code',
    'grant_type=authorization_code&code=a',
    'refresh_token=a&key=another',
    'refresh_token=a&%24httpMethod=GET',
    'refresh%5Ftoken=a',
    'refresh_token=%zz',
    'refresh_token=%c0%af',
    'refresh_token=é',
    'refresh_token=a\r\nb',
    '&',
    '{"refresh_token":"a"}',
  ])('refresh a token with nothing but a refresh token: %j', async (body) => {
    expect(await problemOf(await send(TOKEN, FORM, body))).toEqual([400, 'invalid-request']);
    expect(gateway.auth.seen).toEqual([]);
  });

  it('are bounded like all others', async () => {
    const form = `grant_type=refresh_token&refresh_token=${'a'.repeat(256 * 1024)}`;
    expect(await problemOf(await send(TOKEN, FORM, form))).toEqual([413, 'payload-too-large']);
    const text = ' '.repeat(256 * 1024 + 1);
    expect(await problemOf(await send(COMMIT, 'text/plain', text))).toEqual([
      413,
      'payload-too-large',
    ]);
  });
});
