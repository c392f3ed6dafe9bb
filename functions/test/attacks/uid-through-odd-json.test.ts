import { json, startTestBridge, type TestBridge } from '../support/bridge';

/**
 * Attack: an id that is not a positive integer but could be read as a customer's: `1e3` as 1000,
 * `true` as 1, `[7]` as 7, `null` as "null", the same key twice.
 */
describe('uid confusion through odd JSON', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  async function expectNoToken(response: Response): Promise<void> {
    const body = await json(response);
    expect([response.status, body['code']]).toEqual([502, 'tiki-bad-response']);
    expect(body).not.toHaveProperty('customToken');
  }

  it.each([
    '0',
    '-0',
    '-7',
    '1.0',
    '7.5',
    '1e3',
    '1E3',
    '9223372036854775808',
    '18446744073709551616',
    '1'.repeat(400),
    '"7"',
    '" 7"',
    '""',
    'true',
    'null',
    '[7]',
    '{"id":7}',
    '07',
    '0x7',
    '+7',
    'NaN',
    'Infinity',
  ])('mints nothing for the id %s', async (id) => {
    const fault = { kind: 'customer-id', json: id } as const;
    await expectNoToken(await bridge.login({ customerId: '7', fault }));
  });

  const answer = (customer: string) => ({
    kind: 'raw' as const,
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body:
      '{"data":{"access_token":"a","expires_in":3600,"scopes":[],"token_type":"bearer"' +
      `${customer}},"error":null}`,
  });

  it.each([
    ['a duplicate id', ',"customer":{"id":7,"id":8,"name":"A"}'],
    [
      'a customer who stands twice',
      ',"customer":{"id":7,"name":"A"},"customer":{"id":8,"name":"B"}',
    ],
    ['a list of customers', ',"customer":[{"id":7,"name":"A"}]'],
    ['a customer without an id', ',"customer":{"name":"A"}'],
    ['a customer that is a number', ',"customer":7'],
  ])('mints nothing for %s', async (_, customer) => {
    await expectNoToken(await bridge.login({ customerId: '7', fault: answer(customer) }));
  });

  it('reads the id only from its documented place', async () => {
    const fault = answer(',"customer_id":8,"id":9,"customer":{"id":7,"name":"A","customer_id":10}');
    expect((await json(await bridge.login({ customerId: '7', fault })))['uid']).toBe('tiki:7');
  });
});
