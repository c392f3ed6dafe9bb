import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure';
import { applyLoad, applyLoadWithoutFailure, settledLatencies } from '../load';
import { percentile } from '../statistics';
import { type Context, inRounds, setUpstreams, UPSTREAM_MS } from './context';

const HALF = 32;
/** The bridge waits for Tiki up to 4 s; until then the calls of the round before are under way. */
const AFTERMATH_MS = 4_500;

/** Tiki hangs for half of the callers: what the others notice of it. */
export async function measureIndependence(context: Context): Promise<Figure> {
  const { plan, targets } = context;
  const load = {
    origin: targets.bridge.origin,
    callers: HALF,
    until: { seconds: plan.besideSeconds },
  };
  const p99 = async (): Promise<number> =>
    percentile(settledLatencies(await applyLoadWithoutFailure(load)), 0.99);
  await setUpstreams(context, UPSTREAM_MS);
  const ratios = await inRounds(plan.rounds, async () => {
    // As long without them as with them: a p99 of fewer logins is another figure.
    const alone = await p99();
    const [beside] = await Promise.all([p99(), applyLoad({ ...load, hanging: true })]);
    await delay(AFTERMATH_MS);
    return beside / alone;
  });
  return {
    name: 'p99 beside callers whom Tiki leaves hanging',
    against: 'p99 without them',
    bound: 'at most',
    target: 1.2,
    ratios,
  };
}
