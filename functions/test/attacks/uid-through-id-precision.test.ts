import fc from 'fast-check';
import { json, startTestBridge, type TestBridge } from '../support/bridge';

/**
 * Attack: two customers whose ids differ only beyond the precision of 2^53. A parser that reads them
 * as doubles signs one in as the other.
 */
describe('uid confusion through id precision', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  const uidOf = async (customerId: string) =>
    (await json(await bridge.login({ customerId })))['uid'];

  it.each([
    ['9007199254740992', '9007199254740993'],
    ['9223372036854775806', '9223372036854775807'],
    ['88062110977884170', '88062110977884171'],
  ])('keeps %s and %s apart', async (one, other) => {
    expect(Number(one)).toBe(Number(other));
    expect(await uidOf(one)).toBe(`tiki:${one}`);
    expect(await uidOf(other)).toBe(`tiki:${other}`);
  });

  it('gives every int64 its own uid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 2n }), async (id) => {
        const uids = await Promise.all([uidOf(String(id)), uidOf(String(id + 1n))]);
        expect(uids).toEqual([`tiki:${id}`, `tiki:${id + 1n}`]);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps them apart in /oauth/me as well', async () => {
    const fault = { kind: 'missing-customer' } as const;
    const response = await bridge.login({ customerId: '9007199254740993', fault });
    expect((await json(response))['uid']).toBe('tiki:9007199254740993');
  });
});
