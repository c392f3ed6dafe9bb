import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure';
import { applyLoad, latenciesOf } from '../load';
import { percentile } from '../statistics';
import { type Context, inRounds, setUpstreams, UPSTREAM_MS } from './context';

const HALF = 32;
/** The bridge waits for Tiki up to 4 s; until then the calls of the round before are under way. */
const AFTERMATH_MS = 4_500;

/** Tiki hangs for half of the callers: what the others notice of it. */
export async function measureIndependence(context: Context): Promise<Figure> {
  const { plan, targets } = context;
  const load = { origin: targets.bridge.origin, callers: HALF };
  const beside = { ...load, until: { seconds: plan.besideSeconds } };
  await setUpstreams(context, UPSTREAM_MS);
  const ratios = await inRounds(plan.rounds, async () => {
    const alone = await latenciesOf({ ...load, until: { seconds: plan.aloneSeconds } });
    const [answered] = await Promise.all([
      latenciesOf(beside),
      applyLoad({ ...beside, hanging: true }),
    ]);
    await delay(AFTERMATH_MS);
    return percentile(answered, 0.99) / percentile(alone, 0.99);
  });
  return {
    name: 'p99 beside callers whom Tiki leaves hanging',
    against: 'p99 without them',
    bound: 'at most',
    target: 1.2,
    ratios,
  };
}
