/** Runs `work` after that many milliseconds; at once for 0, where a timer would take 1 ms. */
export function late(ms: number, work: () => void): void {
  if (ms > 0) setTimeout(work, ms);
  else work();
}
