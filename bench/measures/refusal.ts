import { applyLoad, freshCode, logIn } from '../load';
import type { Row } from '../row';
import { percentile } from '../statistics';
import { BROKEN } from '../upstreams/tiki';
import type { Measure } from './measure';

/** Opens the circuit breaker, which requires 20 calls, half of them failed. */
const FAILURES = 40;
/** The breaker stays open for 15 s. */
const SECONDS = 2;

const P99: Row = { name: 'Refusal while Tiki is down, p99', unit: 'ms', goal: { atMost: 5 } };

/** How long the bridge takes to refuse a login because Tiki has just failed many others. */
export const refusal: Measure = {
  name: 'refusals',
  rows: [P99],
  round: async ({ upstreams, start, folders, signal }, scale) => {
    await upstreams.setLatency(0);
    const target = await start(folders.bridge);
    try {
      await Promise.all(
        Array.from({ length: FAILURES }, (_, index) =>
          // Each from an address of its own: one caller's failures do not open the breaker.
          logIn(target.origin, freshCode(BROKEN), signal, `203.0.113.${index + 1}`),
        ),
      );
      const seconds = SECONDS * scale;
      const load = await applyLoad({ target, callers: 1, seconds, expected: 503, signal });
      return new Map([[P99, percentile(load.latencies, 0.99)]]);
    } finally {
      await target.stop();
    }
  },
};
