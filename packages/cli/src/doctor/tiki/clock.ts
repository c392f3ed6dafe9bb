import { TIKI_PRODUCTION } from '../../../../../functions/src/operator';
import { ask } from '../ask';
import { defineCheck } from '../check';
import { failed, notChecked, ok, warning } from '../finding';

/** A smaller difference is harmless. */
export const TOLERATED_SKEW_MS = 60_000;
/** Tiki refuses older timestamps. */
const FAILURE_MS = 5 * 60_000;

const SET_CLOCK: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync',
};

function inWords(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 120) return `${Math.round(minutes / 60)} hours`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

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
    const theirs = Date.parse(reply.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return notChecked("Tiki's answer has no date");
    // The header was written between request and answer, and has whole seconds.
    const tikiAheadMs = theirs + 500 - (before + world.now()) / 2;
    const skew = Math.abs(tikiAheadMs);
    const facts = { tikiAheadMs };
    if (skew <= TOLERATED_SKEW_MS) return ok('this machine and Tiki agree on the time', facts);
    const message = `this machine is ${inWords(skew)} ${tikiAheadMs > 0 ? 'behind' : 'ahead of'} Tiki`;
    const remedy = SET_CLOCK[world.platform] ?? 'sudo timedatectl set-ntp true';
    return skew > FAILURE_MS
      ? failed(`${message}: what it signs is refused`, remedy, facts)
      : warning(message, remedy, facts);
  },
});
