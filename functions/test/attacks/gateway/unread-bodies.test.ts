import { resolve } from 'node:path';
import { nodeOptionsOf } from '@tiki-bridge/testing/process/heap';
import { openProbe, type Probe } from '@tiki-bridge/testing/process/probe';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { DOCUMENTS, PROJECT } from '../../gateway/support/gateway';
import { sendRaw } from '../../gateway/support/raw';
import { startUpstream, type Upstream } from '../../gateway/support/upstream';

const SOURCE = resolve(__dirname, '../../..');
/** As many as an instance serves at once. */
const CALLERS = 80;
const MAX_RSS_MIB = 200;

/**
 * Attack: a body in single bytes for a method that has none. Unread, it would stay in memory
 * for as long as Google takes to answer.
 */
describe('a body that nobody reads', () => {
  let firestore: Upstream;
  let probe: Probe;
  let running: RunningFunction;
  beforeAll(async () => {
    firestore = await startUpstream();
    probe = await openProbe();
    running = await startFunction({
      source: SOURCE,
      target: 'gateway',
      preload: [probe.preload],
      env: {
        ...probe.env,
        NODE_OPTIONS: nodeOptionsOf(SOURCE),
        GCLOUD_PROJECT: PROJECT,
        FIRESTORE_EMULATOR_HOST: firestore.host,
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    probe.close();
    await firestore.close();
  });

  it('fills no memory while Google takes its time', async () => {
    const held: (() => void)[] = [];
    firestore.answer((response) => {
      held.push(() => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'));
      if (held.length === CALLERS)
        held.forEach((release) => {
          release();
        });
    });
    const head = `DELETE ${DOCUMENTS}/users/7 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const unfinished = head + '1\r\n \r\n'.repeat(16_000);
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, () => sendRaw(running.origin, unfinished)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(CALLERS).fill(200));
    expect((await probe.usage()).peakRssMiB).toBeLessThan(MAX_RSS_MIB);
  });
});
