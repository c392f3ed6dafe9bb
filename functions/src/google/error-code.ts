/** The `code` of an error from Google's clients: a gRPC number, or a string such as `auth/…`. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}

/** gRPC status codes of a failed precondition. */
const LOST_RACE: readonly unknown[] = [
  5 /* NOT_FOUND */, 6 /* ALREADY_EXISTS */, 9 /* FAILED_PRECONDITION */, 10 /* ABORTED */,
];

/** Whether a write with a precondition failed because another writer was faster. */
export function isLostRace(error: unknown): boolean {
  return LOST_RACE.includes(codeOf(error));
}
