import type { Timers } from './phone';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export interface VirtualTime extends Timers {
  /** Milliseconds that have passed, independent of `setClock`. */
  readonly elapsed: () => number;
  /** Sets the phone's clock, as a user can, without running timers. */
  readonly setClock: (now: number) => void;
  /** Lets time pass and runs the timers that become due. */
  readonly advance: (ms: number) => Promise<void>;
  /** Lets time pass without running timers, as for an app in the background. */
  readonly suspend: (ms: number) => void;
  /** Runs everything that does not wait for a timer. */
  readonly settle: () => Promise<void>;
  /** The number of pending timers. */
  readonly pending: () => number;
}

/** A clock that only moves on `advance`. */
export function createVirtualTime(start: number): VirtualTime {
  let elapsed = 0;
  let offset = start;
  let timers: readonly Timer[] = [];
  // One event-loop turn settles all promises that need no I/O.
  const settle = () =>
    new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  return {
    now: () => offset + elapsed,
    setTimeout(callback, ms) {
      const timer = { at: elapsed + ms, callback };
      timers = [...timers, timer];
      return timer;
    },
    clearTimeout(timer: Timer) {
      timers = timers.filter((other) => other !== timer);
    },
    setClock(now) {
      offset = now - elapsed;
    },
    elapsed: () => elapsed,
    suspend(ms) {
      elapsed += ms;
    },
    settle,
    pending: () => timers.length,
    async advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        await settle();
        const [next] = [...timers].sort((one, other) => one.at - other.at);
        if (!next || next.at > end) break;
        elapsed = Math.max(elapsed, next.at);
        timers = timers.filter((other) => other !== next);
        next.callback();
      }
      elapsed = end;
      await settle();
    },
  };
}
