import { applyLoad } from './load';
import { coldStart } from './measures/cold-start';
import { independence } from './measures/independence';
import { latency } from './measures/latency';
import type { Bench, Measure } from './measures/measure';
import { createMemory } from './measures/memory';
import { notifications } from './measures/notifications';
import { refusal } from './measures/refusal';
import { throughput } from './measures/throughput';
import type { Results } from './results';
import { runRounds } from './rounds';
import { stage } from './staging';
import { withTargets } from './targets/all';
import { startDeployed } from './targets/deployed';
import { startUpstreams } from './upstreams/process';

const ROUNDS = 5;
/** How long a round at full length takes on an idle machine. */
const ROUND_MS = 60_000;
const WARM_UP_SECONDS = 1.5;

/** In the order of a round: what matters most comes first. */
export function allMeasures(): readonly Measure[] {
  return [throughput, latency, coldStart, notifications, refusal, independence, createMemory()];
}

export interface Run {
  /** Folder of the built function. */
  readonly source: string;
  readonly measures: readonly Measure[];
  readonly results: Results;
  /** Time left, milliseconds. */
  readonly leftMs: () => number;
  /** Ends everything early. */
  readonly signal: AbortSignal;
  readonly say: (what: string) => void;
}

/**
 * Starts everything that is compared, measures it in rounds, and stops it again. A measure that
 * fails is noted in the results and does not end the others.
 */
export async function runBench(run: Run): Promise<void> {
  const { measures, results, leftMs, signal, say } = run;
  say('starting');
  await withBench(run, async (bench) => {
    say('warming up');
    await warmUp(bench).catch((error: unknown) => {
      // A real failure shows up in the measures.
      if (!signal.aborted) console.error(error);
    });
    await runRounds(
      { measures, rounds: ROUNDS, roundMs: ROUND_MS },
      leftMs,
      async (measure, round, scale) => {
        const left = `${(leftMs() / 1000).toFixed(0)} s left`;
        say(`round ${round} of ${ROUNDS}: ${measure.name} (${left})`);
        try {
          results.add(await measure.round(bench, scale));
        } catch (error) {
          if (!signal.aborted) results.fail(measure, error);
        }
      },
    );
  });
}

async function withBench(
  { source, signal }: Run,
  use: (bench: Bench) => Promise<void>,
): Promise<void> {
  const upstreams = await startUpstreams();
  try {
    const { addresses } = upstreams;
    const { hello, caFile, keyFile } = stage(addresses.caPem);
    const folders = { bridge: source, hello };
    const start: Bench['start'] = (folder, env) => {
      signal.throwIfAborted();
      return startDeployed(folder, addresses, caFile, env);
    };
    await withTargets({ addresses, folders, keyFile, start }, (targets) =>
      use({ upstreams, targets, folders, start, signal }),
    );
  } finally {
    await upstreams.stop();
  }
}

/** V8 compiles hot code as it runs. */
async function warmUp({ upstreams, targets, signal }: Bench): Promise<void> {
  await upstreams.setLatency(0);
  const { bridge, bridgeKeyFile, limitTikiOnly, limit, limitTls, hello } = targets;
  for (const target of [bridge, bridgeKeyFile, limitTikiOnly, limit, limitTls, hello]) {
    await applyLoad({ target, callers: 16, seconds: WARM_UP_SECONDS, signal });
  }
}
