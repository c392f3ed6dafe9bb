import type { Outcome } from './outcome';

/** Options of every function of `my`. */
export interface Callbacks {
  readonly success?: (value: unknown) => void;
  readonly fail?: (value: unknown) => void;
  /** Called after either of them, with the same value. */
  readonly complete?: (value: unknown) => void;
}

/**
 * A function in the style of `my`: returns nothing and calls back asynchronously, as Tiki's app is
 * another process.
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
