import { applyLoad } from '../load';
import type { Row } from '../row';
import { percentile } from '../statistics';
import { type Measure, UPSTREAM_MS } from './measure';

const SECONDS = 5;

const unit = '÷ both upstreams';
const P50: Row = { name: 'Latency of one caller, p50', unit, goal: { atMost: 1.05 } };
const P99: Row = { name: 'Latency of one caller, p99', unit, goal: { atMost: 1.3 } };

/** One caller, one login after the other, against the time that Tiki and signBlob take. */
export const latency: Measure = {
  name: 'latency',
  rows: [P50, P99],
  round: async ({ upstreams, targets, signal }, scale) => {
    await upstreams.setLatency(UPSTREAM_MS);
    const target = targets.bridge;
    const load = await applyLoad({ target, callers: 1, seconds: SECONDS * scale, signal });
    const ratio = (share: number) => percentile(load.latencies, share) / (2 * UPSTREAM_MS);
    return new Map([
      [P50, ratio(0.5)],
      [P99, ratio(0.99)],
    ]);
  },
};
