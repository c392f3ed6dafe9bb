import autocannon from 'autocannon';
import { HANGING } from './upstreams/tiki';

/** What one run of callers saw. */
export interface LoadResult {
  /** Milliseconds of each login that was answered with 200, in the order of the answers. */
  readonly latencies: readonly number[];
  /** When each of them was answered, milliseconds since the start. */
  readonly answeredAt: readonly number[];
  /** Answers that were not 200, broken connections, time-outs. */
  readonly failures: number;
}

export interface Load {
  readonly origin: string;
  /** Each sends its next login as soon as the last one is answered. */
  readonly callers: number;
  /** Ends after so many logins, or after so many seconds. */
  readonly until: { readonly logins: number } | { readonly seconds: number };
  /** No more logins a second than this, all callers together. */
  readonly perSecond?: number;
  /** Codes that Tiki never answers. */
  readonly hanging?: boolean;
}

/** The callers' common start makes the first moments unlike the rest. */
export const SETTLING_MS = 500;

let lastCode = 0;

/** Looks like a code of Tiki's, and never comes twice in a run of the benchmark. */
export function freshCode(prefix = ''): string {
  lastCode += 1;
  const number = lastCode.toString(36).padStart(12, '0');
  return `${prefix}Zm9vYmFyYmF6cXV4.${number}c29tZXRoaW5nIGVsc2UgdGhhdCBpcyBsb25n`;
}

/** One login. Resolves to the answer's status when all of the answer is there. */
export async function logIn(origin: string, code: string): Promise<number> {
  const answer = await fetch(`${origin}/auth_exchange`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  await answer.text();
  return answer.status;
}

/** Logs in over and over, each time with a code that nobody has used. */
export async function applyLoad(load: Load): Promise<LoadResult> {
  const { origin, callers, until, perSecond, hanging } = load;
  const latencies: number[] = [];
  const answeredAt: number[] = [];
  let failures = 0;
  const start = performance.now();
  const options: autocannon.Options = {
    url: origin,
    connections: callers,
    ...('logins' in until ? { amount: until.logins } : { duration: until.seconds }),
    ...(perSecond !== undefined && { overallRate: perSecond }),
    requests: [
      {
        method: 'POST',
        path: '/auth_exchange',
        headers: { 'content-type': 'application/json' },
        setupRequest: (request) => ({
          ...request,
          body: JSON.stringify({ code: freshCode(hanging === true ? HANGING : '') }),
        }),
      },
    ],
  };
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(options, (error: Error | null) => {
      if (error) reject(error);
      else resolve();
    });
    run.on('response', (_client, status, _bytes, ms) => {
      if (status === 200) {
        latencies.push(ms);
        answeredAt.push(performance.now() - start);
      } else failures += 1;
    });
    run.on('reqError', () => {
      failures += 1;
    });
  });
  return { latencies, answeredAt, failures };
}

/** The latencies of a run of seconds, without those of its first moments. */
export function settledLatencies({ latencies, answeredAt }: LoadResult): readonly number[] {
  return latencies.filter((_, index) => (answeredAt[index] ?? 0) >= SETTLING_MS);
}

/** @throws Error when a single login failed: what is left would say nothing about the rest. */
export async function applyLoadWithoutFailure(load: Load): Promise<LoadResult> {
  const result = await applyLoad(load);
  if (result.failures > 0) throw new Error(`${result.failures} logins failed at ${load.origin}`);
  return result;
}

/** @throws Error as `applyLoadWithoutFailure` does. */
export async function latenciesOf(load: Load): Promise<readonly number[]> {
  return (await applyLoadWithoutFailure(load)).latencies;
}
