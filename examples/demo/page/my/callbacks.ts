import type { Outcome } from './outcome';

/** What every function of `my` takes beside its own options. */
export interface Callbacks {
  readonly success?: (value: unknown) => void;
  readonly fail?: (value: unknown) => void;
  /** Called after either of them, with the same. */
  readonly complete?: (value: unknown) => void;
}

/**
 * A function as `my` has them: it returns nothing and calls back in a later turn, since Tiki's app
 * is on the other side of a bridge of its own.
 */
export function withCallbacks<Options extends object>(
  carryOut: (options: Options) => Promise<Outcome>,
): (options: Options & Callbacks) => void {
  return (options) => {
    void carryOut(options).then(({ callback, value }) => {
      options[callback]?.(value);
      options.complete?.(value);
    });
  };
}
