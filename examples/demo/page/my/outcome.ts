/** How a call of `my` ends: with one of its two callbacks, and what that one gets. */
export type Outcome =
  | { readonly callback: 'success'; readonly value: unknown }
  | { readonly callback: 'fail'; readonly value: MyError };

/** `fail` may get an object like this or a plain string; here it is always the object. */
export interface MyError {
  /** A string of digits where Tiki documents one. */
  readonly error: string;
  readonly errorMessage: string;
}

export function success(value: unknown): Outcome {
  return { callback: 'success', value };
}

export function fail(error: string, errorMessage: string): Outcome {
  return { callback: 'fail', value: { error, errorMessage } };
}
