import { request } from 'node:http';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { nodeOptionsOf } from '@tiki-bridge/testing/process/heap';
import { openProbe, type Probe } from '@tiki-bridge/testing/process/probe';
import { sendRaw } from '../gateway/support/raw';
import { json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

const CALLERS = 24;
/** As many as an instance serves at once. */
const ALL_CALLERS = 80;
const MAX_RSS_MIB = 200;

/** Shared: this process must survive the attack too. */
const FLOOD = Buffer.alloc(30_000_000, ' ');

const MILLION = '{},'.repeat(1_000_000);
const objects = (millions: number) => Buffer.from(`[${MILLION.repeat(millions)}{}]`);

/** The same, compressed. Concatenated gzip members decompress to the concatenated texts. */
const packedObjects = (millions: number) =>
  Buffer.concat([
    gzipSync('['),
    ...Array<Buffer>(millions).fill(gzipSync(MILLION)),
    gzipSync('{}]'),
  ]);

/**
 * Attack: one anonymous request that the framework would inflate, or parse, into more memory than
 * an instance has, which ends every login in progress.
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
  const from = <T>(callers: number, attack: () => Promise<T>) =>
    Promise.all(Array.from({ length: callers }, attack));

  it.each([
    ['a small compressed bomb', () => packedObjects(4), { 'Content-Encoding': 'gzip' }, 415],
    ['a compressed bomb', () => packedObjects(70), { 'Content-Encoding': 'gzip' }, 413],
    ['a flood of objects', () => objects(10), {}, 413],
  ] as const)('is refused without being unpacked: %s', async (_, body, headers, status) => {
    const response = await send(body(), headers);
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
      sending.end(FLOOD);
    });

  it.each([
    ['whose length is announced', { 'Content-Length': String(FLOOD.length) }],
    ['in chunks of any number', { 'Transfer-Encoding': 'chunked' }],
  ])('does not fill the memory with large bodies %s', async (_, framing) => {
    expect(await from(CALLERS, () => flood(framing))).toEqual(Array(CALLERS).fill(413));
    expect((await probe.usage()).peakRssMiB).toBeLessThan(MAX_RSS_MIB);
  });

  // Each unmerged chunk takes a few hundred bytes; 16 KiB of them is a legal body.
  it.each([
    ['that it reads', '/auth_exchange', 413],
    ['that it does not read', '/nowhere', 404],
  ])('does not fill the memory with single bytes %s', async (_, path, status) => {
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: a',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ];
    const unfinished = `${head.join('\r\n')}\r\n\r\n${'1\r\n \r\n'.repeat(16_000)}`;
    const answers = await from(ALL_CALLERS, () => sendRaw(bridge.function.origin, unfinished));
    expect(answers.map((answer) => answer.status)).toEqual(Array(ALL_CALLERS).fill(status));
    expect((await probe.usage()).peakRssMiB).toBeLessThan(MAX_RSS_MIB);
  });

  it('leaves the instance and its logins alone', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    expect(await json(await bridge.exchange(authCode))).toMatchObject({ uid: 'tiki:7' });
  });
});
