import { resolve } from 'node:path';
import { nodeOptionsOf } from '@tiki-bridge/testing/process/heap';
import { openProbe, type Probe } from '@tiki-bridge/testing/process/probe';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import type { StorageFake } from '@tiki-bridge/testing/google/storage';
import { startStorage } from '@tiki-bridge/testing/google/storage';
import { PROJECT } from '../../gateway/support/gateway';
import {
  BUCKET,
  FILE,
  formOf,
  FORM_TYPE,
  MAX_FILE_BYTES,
  RULES,
  USER,
} from '../../gateway/support/storage';

const SOURCE = resolve(__dirname, '../../..');
/** As many as an instance takes at once. */
const UPLOADS = 16;
const MAX_RSS_MIB = 200;

/** Attack: the largest files at once, while Google reads none of them. Whole, they would be 160 MiB. */
describe('uploads that are held up', () => {
  /** One for each upload that waits. */
  const releases: (() => void)[] = [];
  let allWait: () => void = () => undefined;
  const held = new Promise<void>((resolveHeld) => {
    allWait = resolveHeld;
  });
  let storage: StorageFake;
  let probe: Probe;
  let running: RunningFunction;
  beforeAll(async () => {
    storage = await startStorage({
      projectId: PROJECT,
      buckets: [BUCKET],
      rules: RULES,
      hold: () =>
        new Promise<void>((release) => {
          releases.push(release);
          if (releases.length === UPLOADS) allWait();
        }),
    });
    probe = await openProbe();
    running = await startFunction({
      source: SOURCE,
      target: 'gateway',
      preload: [probe.preload],
      env: {
        ...probe.env,
        NODE_OPTIONS: nodeOptionsOf(SOURCE),
        GCLOUD_PROJECT: PROJECT,
        FIREBASE_STORAGE_EMULATOR_HOST: storage.host,
      },
    });
  });
  afterAll(async () => {
    await running.stop();
    probe.close();
    await storage.close();
  });

  it('stay outside of the memory, and arrive when Google goes on', async () => {
    const body = formOf({ body: Buffer.alloc(MAX_FILE_BYTES, 'x') });
    const uploads = Array.from({ length: UPLOADS }, async (_, index) => {
      const { status } = await fetch(running.origin + FILE.replace('photo', String(index)), {
        method: 'POST',
        body,
        // From four addresses: one may not have more than four uploads at once.
        headers: {
          ...USER,
          'Content-Type': FORM_TYPE,
          'X-Forwarded-For': `203.0.113.${index % 4}`,
        },
      });
      return status;
    });
    await held;
    // Another request is answered only after the instance has read what it takes of the uploads.
    await fetch(`${running.origin}/none`);

    // One after the other: a busy machine moves 160 MiB in more than the time for one answer.
    const pending = new Map(
      uploads.map((upload, index) => [index, upload.then((status) => ({ index, status }))]),
    );
    const statuses: number[] = [];
    for (const release of releases) {
      release();
      const { index, status } = await Promise.race(pending.values());
      pending.delete(index);
      statuses.push(status);
    }

    expect(statuses).toEqual(Array(UPLOADS).fill(200));
    expect(storage.files.size).toBe(UPLOADS);
    expect((await probe.usage()).peakRssMiB).toBeLessThan(MAX_RSS_MIB);
  });
});
