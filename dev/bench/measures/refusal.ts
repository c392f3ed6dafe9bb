import { startFunction } from '../../google-fakes/framework';
import type { Figure } from '../figure';
import { freshCode } from '../load';
import type { Staging } from '../staging';
import { percentile } from '../statistics';
import { nodeOptionsOf } from '../targets/heap';
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
  const { addresses } = upstreams;
  await upstreams.set({ tikiMs: 0, signBlobMs: 0 });
  const running = await startFunction({
    source,
    mapHosts: addresses.mapHosts,
    env: {
      NODE_OPTIONS: nodeOptionsOf(source),
      NODE_EXTRA_CA_CERTS: staging.caFile,
      GCLOUD_PROJECT: 'tiki-bridge-bench',
      FIREBASE_CONFIG: '{"projectId":"tiki-bridge-bench"}',
      TIKI_CLIENT_KEY: 'bench-client-key',
      TIKI_CLIENT_SECRET: 'bench-client-secret',
      TIKI_API_BASE_URL: addresses.tiki,
      RATE_LIMIT_PER_MINUTE: '0',
    },
  });

  async function login(code: string): Promise<number> {
    const answer = await fetch(`${running.origin}/auth_exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    await answer.text();
    return answer.status;
  }

  const asked = WARM_UP_REFUSALS + rounds * REFUSALS;
  try {
    await Promise.all(Array.from({ length: FAILURES }, () => login(freshCode(HANGING))));
    for (let i = 0; i < asked; i += 1) {
      const status = await login(freshCode());
      if (status !== 503) throw new Error(`A refusal was expected, not ${status}`);
    }
  } finally {
    await running.stop();
  }
  const totals = totalsOf(running.logs());
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
