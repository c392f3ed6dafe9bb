import type { Figure } from '../figure';
import { latenciesOf } from '../load';
import { percentile } from '../statistics';
import { type Context, inRounds, setUpstreams, UPSTREAM_MS } from './context';

/** One caller, one login after the other, against the time that the two upstreams take anyway. */
export async function measureLatency(context: Context): Promise<readonly Figure[]> {
  const { plan, targets } = context;
  await setUpstreams(context, UPSTREAM_MS);
  const rounds = await inRounds(plan.rounds, async () => {
    const until = { logins: plan.latencyLogins };
    const latencies = await latenciesOf({ origin: targets.bridge.origin, callers: 1, until });
    return [0.5, 0.99].map((share) => percentile(latencies, share) / (2 * UPSTREAM_MS));
  });
  const against = 'sum of the upstreams';
  return [
    { name: 'Latency, p50', against, bound: 'at most', target: 1.05, ratios: column(rounds, 0) },
    { name: 'Latency, p99', against, bound: 'at most', target: 1.3, ratios: column(rounds, 1) },
  ];
}

function column(rounds: readonly (readonly number[])[], index: number): readonly number[] {
  return rounds.flatMap((round) => round[index] ?? []);
}
