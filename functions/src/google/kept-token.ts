import type { Clock } from '../clock';
import { singleFlight } from '../upstream/single-flight';

export interface FetchedToken {
  readonly value: string;
  /** For how long it is valid, in ms from the moment it was asked for. */
  readonly lifetimeMs: number;
}

export interface KeptToken {
  /** A token that is valid for long enough to be used now, and for how long. Rejects as `fetch` does. */
  readonly valid: () => Promise<FetchedToken>;
  /** The value of the same token. */
  readonly current: () => Promise<string>;
  /** Forgets a token that an upstream refused; not a newer one that was fetched meanwhile. */
  readonly drop: (token: string) => void;
  /**
   * Makes a call with a token. When the upstream refuses the token, it is dropped and the call is
   * made once more with a new one.
   *
   * @param isRefusal Whether the call failed because the upstream does not accept the token (401).
   */
  readonly use: <T>(
    call: (token: string) => Promise<T>,
    isRefusal: (error: unknown) => boolean,
  ) => Promise<T>;
}

/** No earlier: until then the metadata server returns the old token. */
const RENEW_AHEAD_MS = 5 * 60_000;
/** Longer than the call that the token is for. */
const UNUSABLE_MS = 10_000;

interface Known {
  readonly value: string;
  /** When it expires, by each of the two clocks, in ms. */
  readonly expiresAt: { readonly now: number; readonly elapsed: number };
}

/**
 * Keeps one token and renews it before it expires, once for all callers at the same moment.
 * While the old one is valid nobody waits for the new one: a renewal that hangs or fails is retried
 * with the next request, and fails a request only after the old token has expired.
 *
 * Expiry is read from two clocks and the earlier one counts: the wall clock may be set back, the
 * other one may stand still while an instance is suspended.
 *
 * @param fetch Must settle: all callers wait for the one in progress.
 */
export function keptToken(
  fetch: () => Promise<FetchedToken>,
  clock: Pick<Clock, 'now' | 'elapsed'>,
): KeptToken {
  const once = singleFlight<Known>();
  let known: Known | undefined;

  function leftMs({ expiresAt }: Known): number {
    return Math.min(expiresAt.now - clock.now(), expiresAt.elapsed - clock.elapsed());
  }

  async function renewed(): Promise<Known> {
    const asked = { now: clock.now(), elapsed: clock.elapsed() };
    const { value, lifetimeMs } = await fetch();
    const expiresAt = { now: asked.now + lifetimeMs, elapsed: asked.elapsed + lifetimeMs };
    return (known = { value, expiresAt });
  }

  async function usable(): Promise<Known> {
    const left = known ? leftMs(known) : 0;
    if (known && left > RENEW_AHEAD_MS) return known;
    const renewal = once('token', renewed);
    if (!known || left <= UNUSABLE_MS) return renewal;
    renewal.catch(() => undefined);
    return known;
  }
  const current = async (): Promise<string> => (await usable()).value;

  function drop(token: string): void {
    if (known?.value === token) known = undefined;
  }

  return {
    drop,
    valid: async () => {
      const token = await usable();
      return { value: token.value, lifetimeMs: leftMs(token) };
    },
    current,
    use: async (call, isRefusal) => {
      const attempt = async () => {
        const token = await current();
        try {
          return await call(token);
        } catch (error) {
          if (isRefusal(error)) drop(token);
          throw error;
        }
      };
      try {
        return await attempt();
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return attempt();
      }
    },
  };
}
