import type { Timers } from './phone';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export interface VirtualTime extends Timers {
  /** Milliseconds that have passed, whatever the clock says. */
  readonly elapsed: () => number;
  /** Sets the phone's clock without running a timer, as a user may. */
  readonly setClock: (now: number) => void;
  /** Lets time pass, and everything happen that was waiting for it. */
  readonly advance: (ms: number) => Promise<void>;
  /** Lets happen what waits for nothing. */
  readonly settle: () => Promise<void>;
  /** Timers that are running. */
  readonly pending: () => number;
}

/** A clock that moves only when told to. */
export function createVirtualTime(start: number): VirtualTime {
  let elapsed = 0;
  let offset = start;
  let timers: readonly Timer[] = [];
  // One turn of the event loop: all promises that can be settled without I/O are.
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
    settle,
    pending: () => timers.length,
    async advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        await settle();
        const [next] = [...timers].sort((one, other) => one.at - other.at);
        if (!next || next.at > end) break;
        elapsed = next.at;
        timers = timers.filter((other) => other !== next);
        next.callback();
      }
      elapsed = end;
      await settle();
    },
  };
}
