/** Every way the premium service can fail. `retry`: whether the same call may succeed later. */
export const ENTITLEMENT_ERRORS = {
  /** Not `tiki:` and a positive int64 in canonical decimal. */
  'invalid-uid': { retry: false },
  /** A purchase whose id, days, until or time is out of bounds. */
  'invalid-purchase': { retry: false },
  /** The id is taken by a purchase of other days or another end. */
  'conflicting-purchase': { retry: false },
  /** The id belongs to a purchase that was refunded or revoked; that is final. */
  'cancelled-purchase': { retry: false },
  /** No purchase of this id. */
  'unknown-purchase': { retry: false },
  /** Neither a stored document nor an account. */
  'unknown-user': { retry: false },
  'too-many-purchases': { retry: false },
  /** The stored document is not of the shape that this service writes; nothing was written. */
  'malformed-document': { retry: false },
  /** Together with the claims of others, more than Firebase Auth takes. */
  'claims-too-large': { retry: false },
  /** Firestore refused, failed or did not answer in time. */
  'store-unavailable': { retry: true },
  /** Firebase Auth refused, failed or did not answer in time. */
  'account-unavailable': { retry: true },
  /** Realtime Database refused, failed or did not answer in time. */
  'mirror-unavailable': { retry: true },
  /** Another process is writing this user's claims, or died at it less than a minute ago. */
  'projection-busy': { retry: true },
} as const satisfies Record<string, { readonly retry: boolean }>;

export type EntitlementErrorCode = keyof typeof ENTITLEMENT_ERRORS;

/** The message is for operators: it names fields and limits, and quotes no stored data. */
export class EntitlementError extends Error {
  override readonly name = 'EntitlementError';

  constructor(
    readonly code: EntitlementErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
