import { stage as stageFiles } from '../staging';
import { startDeployed } from '../targets/deployed';
import type { Target } from '../targets/target';
import { startUpstreams } from '../upstreams/process';
import { observe, recovery } from './customers';
import { type Disaster, DISASTERS, type Stage } from './disasters';
import { describe, type Played } from './report';

/** A circuit breaker looks again after 15 s, and once more if the first three do not tell. */
const RECOVERY_MS = 60_000;

export interface GameDay {
  /** Folder of the built function. */
  readonly source: string;
  readonly isQuick: boolean;
  readonly say: (what: string) => void;
}

/**
 * Plays each disaster against the built function, and prints what customers saw.
 *
 * @throws Error if it does not recover from one of them
 */
export async function runDisasters({ source, isQuick, say }: GameDay): Promise<void> {
  // The breaker opens after twenty calls, so a quick game is one without it.
  const crowd = isQuick ? { customers: 3, seconds: 0.5 } : { customers: 40, seconds: 5 };
  const upstreams = await startUpstreams();
  const { addresses } = upstreams;
  const { caFile } = stageFiles(addresses.caPem);
  const started: Target[] = [];
  const start = async (env: Readonly<Record<string, string>>) => {
    const target = await startDeployed(source, addresses, caFile, env);
    started.push(target);
    return target;
  };
  try {
    await upstreams.setFault(undefined);
    const first = await start({});
    let serving = first;
    const origin = () => serving.origin;
    const stage: Stage = {
      setFault: upstreams.setFault,
      deploy: async (env) => {
        serving = await start(env);
      },
      rollBack: () => {
        serving = first;
        return Promise.resolve();
      },
    };

    const play = async ({ name, strike, end }: Disaster): Promise<Played> => {
      say(name);
      const before = await observe(origin, crowd);
      await strike(stage);
      const during = await observe(origin, crowd);
      await end(stage);
      const recoveredMs = await recovery(origin, RECOVERY_MS);
      return { name, before, during, recoveredMs, after: await observe(origin, crowd) };
    };
    const all: Played[] = [];
    for (const disaster of DISASTERS) all.push(await play(disaster));
    console.log(`\n${all.map(describe).join('\n\n')}\n`);
    const lost = all.filter(({ recoveredMs }) => recoveredMs === undefined);
    if (lost.length > 0) {
      throw new Error(`Not recovered from: ${lost.map(({ name }) => name).join(', ')}`);
    }
  } finally {
    await Promise.all(started.map((target) => target.stop()));
    await upstreams.stop();
  }
}
