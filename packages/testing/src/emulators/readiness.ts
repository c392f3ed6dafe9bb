import { setTimeout as delay } from 'node:timers/promises';
import type { GuardedProcess } from './guarded-process';

/** Between two knocks, in ms. */
const INTERVAL_MS = 150;
/** One knock may take this long, in ms: a cold function needs a few seconds. */
const KNOCK_MS = 20_000;
const OUTPUT_SHOWN = 4000;

export interface Readiness {
  /** For messages: "the Auth emulator". */
  readonly name: string;
  readonly guarded: GuardedProcess;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isReady: (answer: Response) => boolean | Promise<boolean>;
  /** Output that means it never will be ready, e.g. a function that does not load. */
  readonly hopeless?: RegExp;
  readonly signal: AbortSignal;
}

/** An error that carries the last thing the process said, which usually names the cause. */
function failed(what: string, guarded: GuardedProcess): Error {
  const output = guarded.output().trim().slice(-OUTPUT_SHOWN);
  return new Error(`${what}\nIts last output:\n${output || '(none)'}`);
}

async function knock({ url, method, headers, isReady, signal }: Readiness): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: method ?? 'GET',
      headers: headers ?? {},
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(KNOCK_MS)]),
    });
    const ready = await isReady(answer);
    if (!answer.bodyUsed) await answer.body?.cancel();
    return ready;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

/**
 * Resolves once the address answers as it should. Rejects when the process ends first, says that
 * it failed, or `signal` fires (which bounds the wait).
 */
export async function waitUntilReady(readiness: Readiness): Promise<void> {
  const { name, guarded, signal, hopeless } = readiness;
  let exitCode: number | undefined;
  guarded.exited.then(
    (code) => (exitCode = code),
    () => (exitCode = 1),
  );
  while (!(await knock(readiness))) {
    if (exitCode !== undefined) {
      throw failed(`${name} ended early with exit code ${exitCode}.`, guarded);
    }
    if (hopeless?.test(guarded.output())) throw failed(`${name} failed to start.`, guarded);
    if (signal.aborted) throw failed(`${name} did not answer in time.`, guarded);
    await delay(INTERVAL_MS);
  }
}
