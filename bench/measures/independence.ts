import { applyLoad } from '../load';
import type { Row } from '../row';
import { percentile } from '../statistics';
import { type Measure, UPSTREAM_MS } from './measure';

const CALLERS = 32;
const SECONDS = 3;

const P99: Row = {
  name: 'p99 of 32 callers beside 32 hanging ones',
  unit: '÷ p99 without them',
  goal: { atMost: 1.2 },
};

/** The effect on one half of the callers if Tiki does not answer the other half. */
export const independence: Measure = {
  name: 'independence',
  rows: [P99],
  round: async ({ upstreams, targets, signal }, scale) => {
    await upstreams.setLatency(UPSTREAM_MS);
    const load = { target: targets.bridge, callers: CALLERS, seconds: SECONDS * scale, signal };
    const p99 = async () => percentile((await applyLoad(load)).latencies, 0.99);
    // Both runs last equally long; the p99 of a smaller sample is not comparable.
    const alone = await p99();
    const [beside] = await Promise.all([p99(), applyLoad({ ...load, hanging: true })]);
    return new Map([[P99, beside / alone]]);
  },
};
