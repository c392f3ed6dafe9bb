import { SLOW_MS } from '../../../../functions/src/operator';

/**
 * Says who is being waited for, once each, on standard error: the results on standard output may be
 * read by a program, and a log shows what a command waited for as well as a terminal.
 */
export function createProgress(print: (line: string) => void = console.error) {
  const told = new Set<string>();
  const onSlow = (name: string) => {
    if (told.has(name)) return;
    told.add(name);
    print(`Waiting for ${name}…`);
  };
  /** Tells when `work` is slow. */
  async function watch<T>(name: string, work: () => Promise<T>): Promise<T> {
    const slow = setTimeout(onSlow, SLOW_MS, name);
    try {
      return await work();
    } finally {
      clearTimeout(slow);
    }
  }
  return { onSlow, watch };
}
