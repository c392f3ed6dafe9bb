import type { Figure } from '../figure';
import { latenciesOf } from '../load';
import type { Staging } from '../staging';
import { startDeployed } from '../targets/deployed';
import { type Context, inRounds, setUpstreams } from './context';

const CALLERS = 80;
const TARGET_MIB = 160;

/**
 * The peak of a new instance in each round, and of the process that has served the whole benchmark;
 * and what lives on in that one.
 */
export async function measureMemory(
  context: Context,
  source: string,
  staging: Staging,
): Promise<{ readonly figures: readonly Figure[]; readonly peakMiB: number }> {
  const { plan, targets } = context;
  const { bridge } = targets;
  await setUpstreams(context, 0);
  const until = { logins: Math.ceil(plan.memoryLogins / plan.rounds) };
  const load = { origin: bridge.origin, callers: CALLERS, until };
  // As many connections at first as later on, and as much compiled.
  await latenciesOf(load);
  const heaps = [(await bridge.usageAfterCollection()).heapMiB];
  for (let part = 0; part < plan.rounds; part += 1) {
    await latenciesOf(load);
    heaps.push((await bridge.usageAfterCollection()).heapMiB);
  }
  const [first = 0, ...later] = heaps;
  const peaks = await inRounds(plan.rounds, async () => {
    const instance = await startDeployed(source, context.upstreams, staging.caFile);
    try {
      await latenciesOf({ ...load, origin: instance.origin });
      return (await instance.usage()).peakRssMiB;
    } finally {
      await instance.stop();
    }
  });
  const { peakRssMiB } = await bridge.usage();
  return {
    peakMiB: Math.max(peakRssMiB, ...peaks),
    figures: [
      {
        name: 'Memory, peak at 80 callers',
        against: `${TARGET_MIB} MiB`,
        bound: 'at most',
        target: 1,
        ratios: [...peaks, peakRssMiB].map((peak) => peak / TARGET_MIB),
      },
      {
        name: `Live heap over ${plan.memoryLogins.toLocaleString('en')} logins`,
        against: 'before them',
        bound: 'at most',
        target: 1.05,
        ratios: later.map((heap) => heap / first),
      },
    ],
  };
}
