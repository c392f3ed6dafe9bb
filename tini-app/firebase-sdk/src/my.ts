/** Takes one object with `success` and `fail`. `never` so that every typing of `my` fits. */
type MyFunction = (options: never) => unknown;

/** What the build uses of Tiki's `my`. A Tini App's global `my` fits. */
export interface My {
  readonly request: MyFunction;
  readonly getStorage: MyFunction;
  readonly setStorage: MyFunction;
  readonly removeStorage: MyFunction;
  /** Without it no stored session is given out again: nobody could tell whose it is. */
  readonly getUserInfo?: MyFunction;
  /** Where it exists, a change of the Tiki user is noticed when the app is shown again. */
  readonly onAppShow?: (listener: () => void) => unknown;
}

export interface Outcome {
  /** `success` was called. */
  readonly ok: boolean;
  readonly value?: unknown;
}

/**
 * Calls a function of `my` and never rejects. The timer is our own: the runtime may ignore a
 * `timeout`, and a callback may never come.
 */
export function callMy(
  my: My,
  name: Exclude<keyof My, 'onAppShow'>,
  options: object,
  timeoutMs: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ ok: false });
    }, timeoutMs);
    const callback = (ok: boolean) => (value?: unknown) => {
      clearTimeout(timer);
      resolve({ ok, value });
    };
    const fail = callback(false);
    try {
      // My's functions take `never` so that any typing of them fits; they do take this object.
      const run = my[name] as ((options: object) => unknown) | undefined;
      const given = run?.call(my, { ...options, success: callback(true), fail });
      if (!run) fail();
      // Some runtimes also give a promise, and nobody else would catch its rejection.
      Promise.resolve(given).catch(fail);
    } catch (error) {
      fail(error);
    }
  });
}
