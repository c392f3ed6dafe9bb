import { gzipSync } from 'node:zlib';
import { json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

/**
 * Attack: one anonymous request that the framework would inflate, or parse, into more memory than
 * an instance has, and every login in it is gone.
 */
describe('an oversized request', () => {
  let bridge: ProcessBridge;
  beforeAll(async () => {
    // What is left for the heap in an instance of 256 MiB.
    bridge = await startProcessBridge({
      env: () => ({ NODE_OPTIONS: '--max-old-space-size=192' }),
    });
  });
  afterAll(() => bridge.close());

  const send = (body: Uint8Array, headers: Record<string, string>) =>
    fetch(`${bridge.function.origin}/auth_exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    });
  const objects = (count: number) => Buffer.from(`[${'{},'.repeat(count)}{}]`);

  it.each([
    ['a small compressed bomb', gzipSync(objects(4_000_000)), { 'Content-Encoding': 'gzip' }, 415],
    ['a compressed bomb', gzipSync(objects(70_000_000)), { 'Content-Encoding': 'gzip' }, 413],
    ['a flood of objects', objects(10_000_000), {}, 413],
  ] as const)('is refused without being unpacked: %s', async (_, body, headers, status) => {
    const response = await send(body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('leaves the instance and its logins alone', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    expect(await json(await bridge.exchange(authCode))).toMatchObject({ uid: 'tiki:7' });
  });
});
