import type { Figure } from '../figure';
import { applyLoad, SETTLING_MS, settledLatencies } from '../load';
import type { Target } from '../targets/target';
import { type Context, inRounds, setUpstreams, UPSTREAM_MS } from './context';

const CALLERS = 64;

/** Ratios, and absolute figures for what is calculated from them: those belong to this machine. */
export interface Throughput {
  readonly figures: readonly Figure[];
  readonly cpuMsPerLogin: readonly number[];
  /** With a key file instead of signBlob. */
  readonly localKeyCpuMsPerLogin: readonly number[];
  readonly limitCpuMsPerLogin: readonly number[];
  readonly helloCpuMsPerRequest: readonly number[];
  /** Share of one core that the load generator and the upstreams used, at the most. */
  readonly busiestHelper: number;
  readonly failures: number;
}

interface Round {
  readonly perSecond: number;
  readonly cpuMsPerLogin: number;
}

const ownCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** 64 callers at once: logins a second, and the CPU time of each. */
export async function measureThroughput(context: Context): Promise<Throughput> {
  const { plan, targets } = context;
  const seconds = plan.throughputSeconds;
  let busiestHelper = 0;
  let failures = 0;

  async function round(
    origin: string,
    usage?: Target['usage'],
    perSecond?: number,
  ): Promise<Round> {
    const upstreamCpu = await setUpstreams(context, UPSTREAM_MS);
    const [ownCpu, before] = [ownCpuMs(), await usage?.()];
    const load = { origin, callers: CALLERS, until: { seconds } };
    const result = await applyLoad(perSecond === undefined ? load : { ...load, perSecond });
    const after = await usage?.();
    const helpers = [ownCpuMs() - ownCpu, (await setUpstreams(context, UPSTREAM_MS)) - upstreamCpu];
    busiestHelper = Math.max(busiestHelper, ...helpers.map((ms) => ms / (seconds * 1000)));
    failures += result.failures;
    const end = result.answeredAt.at(-1) ?? 0;
    return {
      perSecond: (settledLatencies(result).length / (end - SETTLING_MS)) * 1000,
      cpuMsPerLogin: ((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)) / result.latencies.length,
    };
  }

  const rounds = await inRounds(plan.rounds, async () => {
    const limit = await round(targets.limit.origin, targets.limit.usage);
    const bridge = await round(targets.bridge.origin, targets.bridge.usage);
    // As many as the bridge took: a process that idles in between pays more for each request.
    const pace = Math.round(bridge.perSecond);
    const hello = await round(targets.hello.origin, targets.hello.usage, pace);
    const localKey = await round(targets.localKey.origin, targets.localKey.usage);
    const guide = targets.guide && (await round(targets.guide.origin));
    return { limit, bridge, hello, localKey, guide };
  });

  const figures: Figure[] = [
    {
      name: 'Throughput, 64 callers',
      against: 'the limit',
      bound: 'at least',
      target: 0.85,
      ratios: rounds.map(({ bridge, limit }) => bridge.perSecond / limit.perSecond),
    },
    {
      name: 'CPU per login',
      against: 'limit + hello',
      bound: 'at most',
      target: 1.6,
      ratios: rounds.map(
        ({ bridge, limit, hello }) =>
          bridge.cpuMsPerLogin / (limit.cpuMsPerLogin + hello.cpuMsPerLogin),
      ),
    },
  ];
  const guided = rounds.flatMap(({ bridge, guide }) =>
    guide ? [bridge.perSecond / guide.perSecond] : [],
  );
  if (guided.length > 0) {
    figures.splice(1, 0, {
      name: 'Throughput, 64 callers',
      against: "the guide's backend",
      bound: 'at least',
      target: 3.5,
      ratios: guided,
    });
  }
  return {
    figures,
    cpuMsPerLogin: rounds.map(({ bridge }) => bridge.cpuMsPerLogin),
    localKeyCpuMsPerLogin: rounds.map(({ localKey }) => localKey.cpuMsPerLogin),
    limitCpuMsPerLogin: rounds.map(({ limit }) => limit.cpuMsPerLogin),
    helloCpuMsPerRequest: rounds.map(({ hello }) => hello.cpuMsPerLogin),
    busiestHelper,
    failures,
  };
}
