import type { Row } from '../row';
import type { Targets } from '../targets/all';
import type { StartFunction } from '../targets/target';
import type { Upstreams } from '../upstreams/process';

/** What a measure works with. */
export interface Bench {
  readonly upstreams: Upstreams;
  /** Already running, and used by every round. */
  readonly targets: Targets;
  /** Folders of the two functions, for what is measured in a process of its own. */
  readonly folders: { readonly bridge: string; readonly hello: string };
  /** In a new process. */
  readonly start: StartFunction;
  /** Aborted when the time is up, or on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A figure, or the reason why there is none. */
export type Figures = ReadonlyMap<Row, number | string>;

/** Something that is measured once in each round, for one or more rows. */
export interface Measure {
  readonly name: string;
  readonly rows: readonly Row[];
  /** @param scale How much of its usual time each load should take, up to 1. */
  readonly round: (bench: Bench, scale: number) => Promise<Figures>;
}

/** How long Tiki and signBlob take to answer, milliseconds: about what the real ones need. */
export const UPSTREAM_MS = 50;
