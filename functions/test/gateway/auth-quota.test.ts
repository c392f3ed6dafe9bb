import { problemOf, startTestGateway, type TestGateway } from './support/gateway';

const SIGN_IN = '/identitytoolkit/v1/accounts:signInWithCustomToken';
const REFRESH = '/securetoken/v1/token';

/** As Google's two Auth services word their errors. */
const error = (code: number, message: string, status?: string) =>
  JSON.stringify({ error: { code, message, ...(status && { status }) } }, null, 2);

describe('an error of Firebase Authentication', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.close());

  function answer(status: number, body: string, type = 'application/json; charset=UTF-8'): void {
    gateway.auth.answer((response) => {
      response.writeHead(status, { 'Content-Type': type, 'Retry-After': '30' });
      response.end(body);
    });
  }

  it.each([
    [SIGN_IN, 400, error(400, 'QUOTA_EXCEEDED : Exceeded quota for verifying custom tokens.')],
    [SIGN_IN, 400, error(400, 'TOO_MANY_ATTEMPTS_TRY_LATER : Try again later.')],
    [SIGN_IN, 429, error(429, 'Quota exceeded for quota metric.', 'RESOURCE_EXHAUSTED')],
    [REFRESH, 400, error(400, 'QUOTA_EXCEEDED', 'INVALID_ARGUMENT')],
    [REFRESH, 400, error(400, 'TOO_MANY_ATTEMPTS_TRY_LATER', 'INVALID_ARGUMENT')],
  ])('%s %i %s is named in the log and passed on unchanged', async (path, status, body) => {
    answer(status, body);

    const response = await gateway.post(path, { token: 'a.b.c' });

    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(response.headers.get('retry-after')).toBe('30');
    expect(gateway.entries).toMatchObject([
      {
        severity: 'WARNING',
        outcome: 'auth-quota-exceeded',
        status,
        operator: {
          cause: 'Firebase Authentication allows no more sign-ins for now',
          remedy: 'raise its quota, in the Firebase console or through support: docs/growth.md',
        },
      },
    ]);
  });

  it.each([
    [400, error(400, 'INVALID_CUSTOM_TOKEN')],
    [400, error(400, 'USER_DISABLED : QUOTA_EXCEEDED')],
    [400, error(400, 'QUOTA_EXCEEDED_BY_SOMETHING_ELSE')],
    [400, '{"error":"QUOTA_EXCEEDED"}'],
    [400, '"QUOTA_EXCEEDED'],
    [500, error(500, 'INTERNAL')],
  ])('of another kind is passed on without a note: %i %s', async (status, body) => {
    answer(status, body);

    const response = await gateway.post(SIGN_IN, { token: 'a.b.c' });

    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(gateway.entries).toMatchObject([{ severity: 'INFO', outcome: 'ok', status }]);
    expect(gateway.entries[0]).not.toHaveProperty('operator');
  });

  it('is not taken from a document of Firestore', async () => {
    const body = error(400, 'QUOTA_EXCEEDED');
    gateway.firestore.answer((response) => {
      response.writeHead(400, { 'Content-Type': 'application/json' });
      response.end(body);
    });
    const response = await gateway.fetch(
      '/firestore/v1/projects/demo-tiki-bridge/databases/(default)/documents/users/7',
    );

    expect([response.status, await response.text()]).toEqual([400, body]);
    expect(gateway.entries).toMatchObject([{ outcome: 'ok', status: 400 }]);
  });

  it('that is not short is a bad response', async () => {
    answer(400, error(400, 'A'.repeat(64 * 1024)));

    expect(await problemOf(await gateway.post(SIGN_IN, { token: 'a.b.c' }))).toEqual([
      502,
      'upstream-bad-response',
    ]);
    expect(gateway.entries).toMatchObject([
      { operator: { cause: "Google's error is longer than 65536 bytes" } },
    ]);
  });

  it('that breaks off is reported as such', async () => {
    gateway.auth.answer((response) => {
      response.writeHead(400, { 'Content-Type': 'application/json' });
      response.write('{"error":');
      setImmediate(() => response.destroy());
    });

    expect(await problemOf(await gateway.post(SIGN_IN, { token: 'a.b.c' }))).toEqual([
      503,
      'upstream-unavailable',
    ]);
  });
});
