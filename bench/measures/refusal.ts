import type { Figure } from '../figure';
import { freshCode, logIn } from '../load';
import type { Staging } from '../staging';
import { percentile } from '../statistics';
import { startDeployed } from '../targets/deployed';
import type { Upstreams } from '../upstreams/process';
import { HANGING } from '../upstreams/tiki';

/** So many failures open the circuit breaker. */
const FAILURES = 20;
const WARM_UP_REFUSALS = 200;
/** A round; all rounds have to fit into the 15 s that the breaker stays open. */
const REFUSALS = 200;
const TARGET_MS = 5;

/** What the bridge itself measured of each refusal, in the order of the refusals. Milliseconds. */
function totalsOf(logs: readonly Readonly<Record<string, unknown>>[]): readonly number[] {
  return logs.flatMap(({ outcome, ms }) => {
    if (outcome !== 'tiki-unavailable' || typeof ms !== 'object' || ms === null) return [];
    return 'total' in ms && typeof ms.total === 'number' ? [ms.total] : [];
  });
}

/** How long the bridge takes to say that Tiki is left alone after it has failed. */
export async function measureRefusal(
  source: string,
  rounds: number,
  upstreams: Upstreams,
  staging: Staging,
): Promise<readonly Figure[]> {
  await upstreams.set({ tikiMs: 0, signBlobMs: 0 });
  const target = await startDeployed(source, upstreams, staging.caFile, {
    RATE_LIMIT_PER_MINUTE: '0',
  });
  const asked = WARM_UP_REFUSALS + rounds * REFUSALS;
  try {
    await Promise.all(
      Array.from({ length: FAILURES }, () => logIn(target.origin, freshCode(HANGING))),
    );
    for (let i = 0; i < asked; i += 1) {
      const status = await logIn(target.origin, freshCode());
      if (status !== 503) throw new Error(`A refusal was expected, not ${status}`);
    }
  } finally {
    await target.stop();
  }
  const totals = totalsOf(target.logs());
  if (totals.length !== asked) throw new Error(`${totals.length} refusals in the log of ${asked}`);

  const ratiosOf = (share: number) =>
    Array.from({ length: rounds }, (_, round) => {
      const start = WARM_UP_REFUSALS + round * REFUSALS;
      return percentile(totals.slice(start, start + REFUSALS), share) / TARGET_MS;
    });
  return [0.5, 0.99].map((share) => ({
    name: `Refusal while Tiki is down, p${share * 100}`,
    against: `${TARGET_MS} ms`,
    bound: 'at most',
    target: 1,
    ratios: ratiosOf(share),
  }));
}
