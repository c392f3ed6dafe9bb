import { merge } from '../merge';
import { type Context } from './context';
import { type My } from './my';

export interface Outcome {
  /** `success` was called. */
  readonly ok?: boolean;
  /** The argument of the callback. */
  readonly given?: unknown;
}

/** A `my` that has the named function, and timers. A Context fits. */
export interface Caller<Name extends string> extends Pick<Context, 'setTimeout' | 'clearTimeout'> {
  readonly my: Readonly<Partial<Record<Name, My['request']>>>;
}

type Functions<Name extends string> = Readonly<
  Record<Name, (options: object) => Promise<unknown> | undefined>
>;

/** The outcome if no callback came in time. */
export const LATE: Outcome = {};

/**
 * Calls a function of `my`; never rejects. Uses its own timer, because the runtime may ignore
 * `timeout` and may never call back. Only the first outcome counts.
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
      // Returned by the matching setTimeout.
      clearTimeout(timer as never);
      resolve({ ok, given });
    };
    const fail = callback(false);
    const complete = merge(options, { success: callback(true), fail });
    // My's functions are typed to take `never` so that any typing fits; they accept this object.
    const run = async () => (my as Functions<Name>)[name](complete);
    // Some runtimes also return a promise, whose rejection would be unhandled.
    run().catch(fail);
  });
}
