import { json, startTestBridge, type TestBridge } from '../support/bridge';

/** Attack: keys such as `__proto__` add fields that were not sent, to one object or globally. */
describe('prototype keys', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  it.each([
    '{"__proto__":{"code":"a.b"}}',
    '{"constructor":{"prototype":{"code":"a.b"}}}',
    '{"prototype":{"code":"a.b"}}',
  ])('lend a request no field: %s', async (body) => {
    const response = await bridge.post('/auth_exchange', undefined, { body });
    expect([response.status, (await json(response))['code']]).toEqual([400, 'invalid-request']);
    expect(({} as Record<string, unknown>)['code']).toBeUndefined();
  });

  it("add no customer to Tiki's response: /oauth/me is called instead", async () => {
    const body =
      '{"data":{"access_token":"a","expires_in":3600,"scopes":[],"token_type":"bearer",' +
      '"__proto__":{"customer":{"id":666,"name":"x"}}},"error":null}';
    const fault = { kind: 'raw' as const, status: 200, headers: {}, body };
    const response = await bridge.login({ customerId: '7', fault });
    expect(await json(response)).not.toHaveProperty('uid');
    expect(bridge.simulator.calls.at(-1)?.path).toBe('/oauth/me');
    expect(({} as Record<string, unknown>)['customer']).toBeUndefined();
  });
});
