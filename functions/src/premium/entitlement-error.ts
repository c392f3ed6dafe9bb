/** All errors of the premium service. `retry`: whether the same call may succeed later. */
export const ENTITLEMENT_ERRORS = {
  /** Not `tiki:` followed by a positive int64 in canonical decimal. */
  'invalid-uid': { retry: false },
  /** A purchase whose id, days, until or time is out of bounds. */
  'invalid-purchase': { retry: false },
  /** The id belongs to a purchase with other days or another end. */
  'conflicting-purchase': { retry: false },
  /** The id belongs to a purchase that was refunded or revoked, which is final. */
  'cancelled-purchase': { retry: false },
  /** No purchase has this id. */
  'unknown-purchase': { retry: false },
  /** There is neither a stored document nor an account. */
  'unknown-user': { retry: false },
  'too-many-purchases': { retry: false },
  /** The stored document does not match the schema; nothing was written. */
  'malformed-document': { retry: false },
  /** Together with other claims, over the size limit of Firebase Auth. */
  'claims-too-large': { retry: false },
  /** Firestore refused, failed or did not answer in time. */
  'store-unavailable': { retry: true },
  /** Firebase Auth refused, failed or did not answer in time. */
  'account-unavailable': { retry: true },
  /** Realtime Database refused, failed or did not answer in time. */
  'mirror-unavailable': { retry: true },
  /** Another process is writing this user's claims, or died doing so less than a minute ago. */
  'projection-busy': { retry: true },
  /** Another program keeps overwriting this user's claims. */
  'claims-contested': { retry: true },
} as const satisfies Record<string, { readonly retry: boolean }>;

export type EntitlementErrorCode = keyof typeof ENTITLEMENT_ERRORS;

/**
 * What is known about a change that failed. `unknown`: it may have been made, in part or in full;
 * repeating the same change completes it, and has no second effect.
 */
export type FailedOutcome = 'not done' | 'unknown';

/** The message is for operators: it names fields and limits, and quotes no stored data. */
export class EntitlementError extends Error {
  override readonly name = 'EntitlementError';

  constructor(
    readonly code: EntitlementErrorCode,
    message: string,
    cause?: unknown,
    readonly outcome: FailedOutcome = 'not done',
  ) {
    super(message, { cause });
  }
}

export function projectionBusy(uid: string): EntitlementError {
  return new EntitlementError(
    'projection-busy',
    `Another process is writing the claims of ${uid}, or died doing so. Retry in a minute`,
  );
}

/** The same failure when something had been changed before it: repeating completes the change. */
export function afterChange(
  { code, message, cause }: EntitlementError,
  what?: string,
): EntitlementError {
  const text = what === undefined ? message : `${what}: ${message}`;
  return new EntitlementError(code, text, cause, 'unknown');
}
