import { setTimeout as delay } from 'node:timers/promises';
import type { GuardedProcess } from './guarded-process';

/** Pause between two probes, in ms. */
const INTERVAL_MS = 150;
/** Timeout of one probe, in ms: a cold function takes a few seconds. */
const PROBE_MS = 20_000;
const OUTPUT_SHOWN = 4000;

export interface Readiness {
  /** For messages: "the Auth emulator". */
  readonly name: string;
  readonly guarded: GuardedProcess;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isReady: (answer: Response) => boolean | Promise<boolean>;
  /** Output that means it will never be ready, e.g. a function that does not load. */
  readonly failurePattern?: RegExp;
  readonly signal: AbortSignal;
}

/** An error with the last output of the process, which usually names the cause. */
function failed(what: string, guarded: GuardedProcess): Error {
  const output = guarded.output().trim().slice(-OUTPUT_SHOWN);
  return new Error(`${what}\nIts last output:\n${output || '(none)'}`);
}

async function probe({ url, method, headers, isReady, signal }: Readiness): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: method ?? 'GET',
      headers: headers ?? {},
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
    });
    const ready = await isReady(answer);
    if (!answer.bodyUsed) await answer.body?.cancel();
    return ready;
  } catch {
    // Not listening yet.
    return false;
  }
}

/**
 * Resolves once `isReady` accepts the response. Rejects if the process exits first, its output
 * matches `failurePattern`, or `signal` aborts (which bounds the wait).
 */
export async function waitUntilReady(readiness: Readiness): Promise<void> {
  const { name, guarded, signal, failurePattern } = readiness;
  let exitCode: number | undefined;
  guarded.exited.then(
    (code) => (exitCode = code),
    () => (exitCode = 1),
  );
  while (!(await probe(readiness))) {
    if (exitCode !== undefined) {
      throw failed(`${name} exited early with exit code ${exitCode}.`, guarded);
    }
    if (failurePattern?.test(guarded.output())) throw failed(`${name} failed to start.`, guarded);
    if (signal.aborted) throw failed(`${name} did not answer in time.`, guarded);
    await delay(INTERVAL_MS);
  }
}
