import {
  clockAhead,
  describeSkew,
  setClock,
  TIKI_PRODUCTION,
  TOLERATED_SKEW_MS,
} from '../../../../../functions/src/operator';
import { ask } from '../ask';
import { defineCheck } from '../check';
import { failed, notChecked, ok, warning } from '../finding';

/** Tiki refuses older timestamps. */
const FAILURE_MS = 5 * 60_000;

/** Signatures contain the time. This is the developer's clock; Google sets the function's. */
export const clock = defineCheck({
  name: 'clock',
  title: 'Clock',
  area: 'Tiki',
  needs: ['subject'],
  look: async (world, { tiki }) => {
    const before = world.now();
    const reply = await ask(world, { method: 'GET', url: tiki?.baseUrl ?? TIKI_PRODUCTION });
    if (reply.kind === 'nothing') return notChecked(`${reply.why} from Tiki`);
    const aheadMs = clockAhead(reply.headers.get('date'), before, world.now());
    if (aheadMs === undefined) return notChecked("Tiki's answer has no date");
    const facts = { aheadOfTikiMs: aheadMs };
    const skew = Math.abs(aheadMs);
    if (skew <= TOLERATED_SKEW_MS) {
      return ok(`this machine and Tiki agree on the time (${describeSkew(aheadMs)})`, facts);
    }
    const message = `this machine is ${describeSkew(aheadMs)}`;
    const remedy = setClock(world.platform);
    return skew > FAILURE_MS
      ? failed(`${message}: what it signs is refused`, remedy, facts)
      : warning(message, remedy, facts);
  },
});
