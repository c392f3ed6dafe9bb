import autocannon from 'autocannon';
import type { Endpoint } from './targets/target';
import { HANGING } from './upstreams/tiki';

export interface Load {
  readonly target: Endpoint;
  /** Each sends its next login as soon as the last one is answered. */
  readonly callers: number;
  readonly seconds: number;
  /** Ends the load early. */
  readonly signal: AbortSignal;
  /** Status of every answer; default 200. */
  readonly expected?: number;
  /** Sends codes that Tiki does not answer; no answer is expected or checked. */
  readonly hanging?: boolean;
}

export interface LoadResult {
  /** Milliseconds of each login that was answered, without the first moments. */
  readonly latencies: readonly number[];
  /** Logins a second, without the first moments. */
  readonly perSecond: number;
  /** All logins that were answered. */
  readonly answered: number;
  /** How long all of it took. */
  readonly ms: number;
}

/** All callers start at once, so the first fifth is not representative. */
const SETTLING = 0.2;

let lastCode = 0;

/** Looks like a code of Tiki's, and is unique in a run of the benchmark. */
export function freshCode(prefix = ''): string {
  lastCode += 1;
  const number = lastCode.toString(36).padStart(12, '0');
  return `${prefix}Zm9vYmFyYmF6cXV4.${number}c29tZXRoaW5nIGVsc2UgdGhhdCBpcyBsb25n`;
}

/**
 * One login. Resolves to the status when the whole answer is there.
 *
 * @param address Of the caller, as Google's front end would name it.
 */
export async function logIn(
  origin: string,
  code: string,
  signal: AbortSignal,
  address = '127.0.0.1',
): Promise<number> {
  const answer = await fetch(`${origin}/auth_exchange`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address },
    body: JSON.stringify({ code }),
    signal,
  });
  await answer.text();
  return answer.status;
}

/**
 * Logs in repeatedly, each time with a new code.
 *
 * @throws Error if a single login fails: the remaining figures would be meaningless.
 */
export async function applyLoad(load: Load): Promise<LoadResult> {
  const { target, callers, seconds, signal, expected = 200, hanging = false } = load;
  signal.throwIfAborted();
  const latencies: number[] = [];
  let answered = 0;
  let failure: string | undefined;
  const settlingMs = seconds * 1000 * SETTLING;
  const start = performance.now();
  const elapsed = () => performance.now() - start;
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(
      {
        url: target.origin,
        connections: callers,
        duration: seconds,
        // How often autocannon checks whether to end; a second would round up short loads.
        sampleInt: 50,
        bailout: 1,
        requests: [
          {
            method: 'POST',
            path: '/auth_exchange',
            headers: { 'content-type': 'application/json' },
            setupRequest: (request) => ({
              ...request,
              body: JSON.stringify({ code: freshCode(hanging ? HANGING : '') }),
            }),
          },
        ],
      },
      (error: Error | null) => {
        signal.removeEventListener('abort', stop);
        if (error) reject(error);
        else resolve();
      },
    );
    const stop = () => {
      run.stop();
    };
    signal.addEventListener('abort', stop);
    run.on('response', (_client, status, _bytes, ms) => {
      answered += 1;
      if (status !== expected) failure ??= `was answered with ${status}`;
      if (elapsed() >= settlingMs) latencies.push(ms);
    });
    run.on('reqError', (error: Error) => {
      failure ??= `failed: ${error.message}`;
    });
  });
  signal.throwIfAborted();
  const ms = elapsed();
  if (!hanging) {
    if (failure !== undefined) throw new Error(`a login at ${target.name} ${failure}`);
    if (latencies.length === 0) throw new Error(`no login at ${target.name} was answered in time`);
  }
  return { latencies, perSecond: (latencies.length / (ms - settlingMs)) * 1000, answered, ms };
}
