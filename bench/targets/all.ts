import type { Staging } from '../staging';
import type { Upstreams } from '../upstreams/process';
import { startDeployed } from './deployed';
import { startGuide } from './guide';
import { startLimit } from './limit';
import type { Target } from './target';

export interface Targets {
  readonly bridge: Target;
  /** The bridge with a key file: it signs by itself and asks IAM for nothing. */
  readonly localKey: Target;
  readonly limit: Target;
  readonly hello: Target;
  /** Undefined where Flask and gunicorn are not installed. */
  readonly guide: { readonly origin: string } | undefined;
  readonly stop: () => Promise<void>;
}

/** Starts everything that is compared, each in a process of its own. */
export async function startTargets(
  source: string,
  upstreams: Upstreams,
  staging: Staging,
): Promise<Targets> {
  const started: { stop(): Promise<void> }[] = [];
  const keep = <T extends { stop(): Promise<void> }>(target: T): T => {
    started.push(target);
    return target;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((target) => target.stop()));
  };
  try {
    const guide = await startGuide(upstreams);
    if (guide) keep(guide);
    return {
      bridge: keep(await startDeployed(source, upstreams, staging.caFile)),
      localKey: keep(
        await startDeployed(source, upstreams, staging.caFile, {
          GOOGLE_APPLICATION_CREDENTIALS: staging.keyFile,
        }),
      ),
      limit: keep(await startLimit(upstreams)),
      hello: keep(await startDeployed(staging.hello, upstreams, staging.caFile)),
      guide,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
