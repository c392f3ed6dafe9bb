import { json, startTestBridge, type TestBridge } from '../support/bridge';

/** Attack: an upstream response that exceeds the memory of an instance, plain or compressed. */
describe('an oversized answer from upstream', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  it.each([
    ['long', { kind: 'oversized', bytes: 100_000_000 }],
    ['compressed', { kind: 'gzip-bomb', bytes: 500_000_000 }],
  ] as const)('is given up early when it is %s', async (_, fault) => {
    const before = process.memoryUsage().arrayBuffers;
    const response = await bridge.login({ customerId: '7', fault });
    expect([response.status, (await json(response))['code']]).toEqual([502, 'tiki-bad-response']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it('does not affect the next login', async () => {
    expect((await bridge.login({ customerId: '7' })).status).toBe(200);
  });
});
