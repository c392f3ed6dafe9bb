/** Takes one object with `success` and `fail`. `never` so that every typing of `my` fits. */
type MyFunction = (options: never) => unknown;

/** What the client uses of Tiki's `my`. A Tini App's global `my` fits. */
export interface My {
  readonly request: MyFunction;
  readonly getAuthCode: MyFunction;
  readonly getStorage: MyFunction;
  readonly setStorage: MyFunction;
  /** Without it a stored session is never given out again: nobody could tell whose it is. */
  readonly getUserInfo?: MyFunction;
  /** Where it exists, the client itself notices when the app comes back to the foreground. */
  readonly onAppShow?: (listener: () => unknown) => unknown;
}

export type MyFunctionName = Exclude<keyof My, 'onAppShow'>;
