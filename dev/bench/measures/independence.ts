import type { Figure } from '../figure';
import { applyLoad, latenciesOf } from '../load';
import { percentile } from '../statistics';
import { type Context, inRounds, setUpstreams, UPSTREAM_MS } from './context';

const HALF = 32;

/** Tiki hangs for half of the callers: what the others notice of it. */
export async function measureIndependence(context: Context): Promise<Figure> {
  const { plan, targets } = context;
  const load = {
    origin: targets.bridge.origin,
    callers: HALF,
    until: { seconds: plan.independenceSeconds },
  };
  await setUpstreams(context, UPSTREAM_MS);
  const ratios = await inRounds(plan.rounds, async () => {
    const alone = await latenciesOf(load);
    const [beside] = await Promise.all([latenciesOf(load), applyLoad({ ...load, hanging: true })]);
    return percentile(beside, 0.99) / percentile(alone, 0.99);
  });
  return {
    name: 'p99 beside callers whom Tiki leaves hanging',
    against: 'p99 without them',
    bound: 'at most',
    target: 1.2,
    ratios,
  };
}
