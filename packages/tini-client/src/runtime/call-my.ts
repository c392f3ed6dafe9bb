import { merge } from '../merge';
import { type Context } from './context';
import { type My } from './my';

export interface Outcome {
  /** `success` was called. */
  readonly ok?: boolean;
  /** What the callback got. */
  readonly given?: unknown;
}

/** A `my` with the function of that name, and timers: any Context, for the client's functions. */
interface Caller<Name extends string> extends Pick<Context, 'setTimeout' | 'clearTimeout'> {
  readonly my: Readonly<Partial<Record<Name, My['request']>>>;
}

type Functions<Name extends string> = Readonly<
  Record<Name, (options: object) => Promise<unknown> | undefined>
>;

/** The outcome when no callback came in time. */
export const LATE: Outcome = {};

/**
 * Calls a function of `my` and never rejects. The timer is our own: the runtime may ignore a
 * `timeout`, and a callback may never come. Whatever comes after the first outcome is ignored.
 */
export function callMy<Name extends string>(
  { my, setTimeout, clearTimeout }: Caller<NoInfer<Name>>,
  name: Name,
  options: object,
  timeoutMs: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(LATE);
    }, timeoutMs);
    const callback = (ok: boolean) => (given: unknown) => {
      // What our own setTimeout gave.
      clearTimeout(timer as never);
      resolve({ ok, given });
    };
    const fail = callback(false);
    const complete = merge(options, { success: callback(true), fail });
    // My's functions take `never` so that any typing of them fits; they do take this object.
    const run = async () => (my as Functions<Name>)[name](complete);
    // Some runtimes also give a promise, and nobody else would catch its rejection.
    run().catch(fail);
  });
}
