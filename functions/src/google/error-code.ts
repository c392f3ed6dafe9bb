/** The `code` of an error from Google's clients: a gRPC number, or a string such as `auth/…`. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}
