import { applyLoad } from '../load';
import type { Row } from '../row';
import type { Target } from '../targets/target';
import type { Measure } from './measure';

const CALLERS = 80;
const PEAK_SECONDS = 3;
/** Long enough for 20,000 logins in the later rounds, on an idle machine. */
const HEAP_SECONDS = 5;

const PEAK: Row = {
  name: 'Peak memory, 80 callers',
  unit: 'MiB',
  goal: { atMost: 140 },
};
const HEAP: Row = {
  name: 'Live heap, later rounds',
  unit: '÷ the first round',
  goal: { atMost: 1.05 },
};
const LOGINS: Row = { name: 'Logins between the two heaps compared', unit: 'logins' };

/**
 * The peak of a new instance, and whether the live heap grows in the instance that serves all
 * rounds. Tiki and signBlob answer at once.
 */
export function createMemory(): Measure {
  let firstHeapMiB: number | undefined;
  let loginsSince = 0;
  return {
    name: 'memory',
    rows: [PEAK, HEAP, LOGINS],
    round: async ({ upstreams, targets, folders, start, signal }, scale) => {
      await upstreams.setLatency(0);
      const load = (target: Target, seconds: number) =>
        applyLoad({ target, callers: CALLERS, seconds: seconds * scale, signal });

      const instance = await start(folders.bridge);
      try {
        await load(instance, PEAK_SECONDS);
        const figures = new Map([[PEAK, (await instance.usage()).peakRssMiB]]);
        const { answered } = await load(targets.bridge, HEAP_SECONDS);
        const { heapMiB } = await targets.bridge.usageAfterCollection();
        if (firstHeapMiB === undefined) firstHeapMiB = heapMiB;
        else {
          loginsSince += answered;
          figures.set(HEAP, heapMiB / firstHeapMiB).set(LOGINS, loginsSince);
        }
        return figures;
      } finally {
        await instance.stop();
      }
    },
  };
}
