import { json, startTestBridge, type TestBridge } from '../support/bridge';

describe('the border', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  const codeOf = async (response: Response) => [response.status, (await json(response))['code']];
  const send = (body: string, type?: string) =>
    fetch(`${bridge.origin}/auth_exchange`, {
      method: 'POST',
      body,
      ...(type !== undefined && { headers: { 'Content-Type': type } }),
    });

  it.each([
    '/',
    '/auth',
    '/auth_exchange/',
    '/AUTH_EXCHANGE',
    '/auth_exchange/x',
    '/auth_%65xchange',
  ])('knows nothing of %s', async (path) => {
    expect(await codeOf(await bridge.post(path, { code: 'a' }))).toEqual([404, 'not-found']);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'rejects %s and allows POST',
    async (method) => {
      const response = await fetch(`${bridge.origin}/auth_exchange`, { method });
      expect(response.headers.get('allow')).toBe('POST');
      expect(await codeOf(response)).toEqual([405, 'method-not-allowed']);
    },
  );

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset=UTF-8',
  ])('takes %s', async (type) => {
    expect(await codeOf(await send('{"code":"unknown.code"}', type))).toEqual([
      401,
      'invalid-code',
    ]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/problem+json',
    'text/plain, application/json',
  ])('refuses %s', async (type) => {
    expect(await codeOf(await send('{"code":"a"}', type))).toEqual([415, 'unsupported-media-type']);
  });

  it('rejects a body of more than 16 KiB', async () => {
    const sized = (bytes: number) => `{"code":"a","x":"${'y'.repeat(bytes - 19)}"}`;
    expect(sized(100)).toHaveLength(100);
    expect(await codeOf(await send(sized(16 * 1024), 'application/json'))).toEqual([
      401,
      'invalid-code',
    ]);
    expect(await codeOf(await send(sized(16 * 1024 + 1), 'application/json'))).toEqual([
      413,
      'payload-too-large',
    ]);
  });

  it.each(['', '[]', '{}', '{"code":""}', '{"code":1}', '{"code":null}', '{"refresh_token":"a"}'])(
    'rejects the body %j',
    async (body) => {
      expect(await codeOf(await send(body, 'application/json'))).toEqual([400, 'invalid-request']);
    },
  );

  it.each(['{"code":', '"code"x', '{]', '{"code":"a",}'])(
    'reports that %s is not JSON',
    async (body) => {
      const response = await send(body, 'application/json');
      expect(await json(response)).toMatchObject({
        status: 400,
        code: 'invalid-request',
        detail: 'The body is not JSON.',
      });
    },
  );

  it('rejects invalid UTF-8 and content encodings', async () => {
    const bytes = (headers: Record<string, string>) =>
      fetch(`${bridge.origin}/auth_exchange`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: new Uint8Array([0x7b, 0xff, 0x7d]),
      });
    expect(await codeOf(await bytes({}))).toEqual([400, 'invalid-request']);
    expect(await codeOf(await bytes({ 'Content-Encoding': 'gzip' }))).toEqual([
      415,
      'unsupported-media-type',
    ]);
  });

  it('names the missing field of each route', async () => {
    const detail = async (path: string) => (await json(await bridge.post(path, {})))['detail'];
    expect(await detail('/auth_exchange')).toBe('The field "code" is missing.');
    expect(await detail('/auth_refresh')).toBe('The field "refresh_token" is missing.');
    expect(await detail('/auth_info')).toBe('The field "access_token" is missing.');
  });
});
