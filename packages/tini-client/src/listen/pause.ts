/** After a change, and at first. */
export const SHORTEST_MS = 2_000;
/** Without changes the pause grows by half each time, up to this. */
const LONGEST_MS = 15_000;
/** After failures it doubles, up to this. */
const LONGEST_AFTER_FAILURE_MS = 60_000;

/** What a request brought; a failure that may pass, with what the server asks for. */
export type Outcome = 'changed' | 'unchanged' | { readonly retryAfterMs: number };

/** The pause after a round of requests. */
export function nextPause(pause: number, outcomes: readonly Outcome[]): number {
  const asked = outcomes.map((outcome) =>
    typeof outcome === 'object' ? outcome.retryAfterMs : -1,
  );
  const longest = Math.max(...asked);
  if (longest >= 0) return Math.max(longest, Math.min(pause * 2, LONGEST_AFTER_FAILURE_MS));
  return outcomes.indexOf('changed') < 0 ? Math.min(pause * 1.5, LONGEST_MS) : SHORTEST_MS;
}
