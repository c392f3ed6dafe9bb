/** How a call of `my` ends: the callback and its argument. */
export type Outcome =
  | { readonly callback: 'success'; readonly value: unknown }
  | { readonly callback: 'fail'; readonly value: MyError };

/** On a phone `fail` gets such an object or a string; here always the object. */
export interface MyError {
  /** Digits, if Tiki documents a code. */
  readonly error: string;
  readonly errorMessage: string;
}

export function success(value: unknown): Outcome {
  return { callback: 'success', value };
}

export function fail(error: string, errorMessage: string): Outcome {
  return { callback: 'fail', value: { error, errorMessage } };
}
