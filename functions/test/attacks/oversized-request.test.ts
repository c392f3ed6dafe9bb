import { request } from 'node:http';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { nodeOptionsOf } from '../../../dev/bench/targets/heap';
import { openProbe, type Probe } from '../../../dev/bench/targets/probe';
import { json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

/**
 * Attack: one anonymous request that the framework would inflate, or parse, into more memory than
 * an instance has, and every login in it is gone.
 */
describe('an oversized request', () => {
  let bridge: ProcessBridge;
  let probe: Probe;
  beforeAll(async () => {
    probe = await openProbe();
    bridge = await startProcessBridge({
      preload: [probe.preload],
      // With no more heap than an instance has.
      env: () => ({ ...probe.env, NODE_OPTIONS: nodeOptionsOf(resolve(__dirname, '../..')) }),
    });
  });
  afterAll(async () => {
    await bridge.close();
    probe.close();
  });

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

  /** Sends 30 MB whatever the answer is, which is its status, or the name of the error. */
  const flood = (framing: Readonly<Record<string, string>>) =>
    new Promise<number | string | undefined>((resolve) => {
      const sending = request(
        `${bridge.function.origin}/auth_exchange`,
        { method: 'POST', headers: { 'Content-Type': 'application/json', ...framing } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sending.on('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code);
      });
      sending.end(Buffer.alloc(30_000_000, ' '));
    });

  it.each([
    ['whose length is announced', { 'Content-Length': '30000000' }],
    ['in chunks of any number', { 'Transfer-Encoding': 'chunked' }],
  ])('does not fill the memory with large bodies %s', async (_, framing) => {
    const answers = await Promise.all(Array.from({ length: 24 }, () => flood(framing)));
    expect(answers).toEqual(Array(24).fill(413));
    expect((await probe.usage()).peakRssMiB).toBeLessThan(200);
  });

  it('leaves the instance and its logins alone', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    expect(await json(await bridge.exchange(authCode))).toMatchObject({ uid: 'tiki:7' });
  });
});
