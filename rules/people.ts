const HOUR_MS = 3_600_000;

export interface Person {
  /** The signed-in user as seen by rules; null when signed out. */
  readonly auth: { readonly uid: string; readonly token: Readonly<Record<string, unknown>> } | null;
  /** `premiumUntil` in the stored entitlement; undefined without one. */
  readonly recorded?: unknown;
}

const tiki = (uid: string, claims: Readonly<Record<string, unknown>> = {}) => ({
  uid,
  token: { provider: 'tiki', tikiCustomerId: uid.slice('tiki:'.length), ...claims },
});

/**
 * The users in the table of cases. Times are relative to `now` (epoch ms), because the emulators
 * use the machine's clock.
 *
 * Users with invalid claims have a valid record and vice versa, so that each condition is the only
 * one that denies some user.
 */
export function people(now: number) {
  const later = now + HOUR_MS;
  const paid = { premiumAccount: true, premiumUntil: later };
  const claiming = (uid: string, claims: Readonly<Record<string, unknown>>): Person => ({
    auth: tiki(uid, claims),
    recorded: later,
  });
  return {
    anonymous: { auth: null },
    owner: { auth: tiki('tiki:100'), recorded: now - HOUR_MS },
    other: { auth: tiki('tiki:200') },
    // The owner's uid, but another sign-in provider, with the claims that it brings.
    ownerByPassword: {
      auth: {
        uid: 'tiki:100',
        token: { provider: 'password', email: 'lan@example.com', email_verified: true },
      },
    },
    ownerWithoutProvider: { auth: { uid: 'tiki:100', token: {} } },

    premium: claiming('tiki:300', paid),
    expired: claiming('tiki:301', { ...paid, premiumUntil: now - 60_000 }),
    expiringNow: claiming('tiki:302', { ...paid, premiumUntil: now }),
    untilIsString: claiming('tiki:303', { ...paid, premiumUntil: String(later) }),
    untilIsFraction: claiming('tiki:304', { ...paid, premiumUntil: later + 0.5 }),
    untilIsBoolean: claiming('tiki:305', { ...paid, premiumUntil: true }),
    untilIsNull: claiming('tiki:306', { ...paid, premiumUntil: null }),
    untilIsMissing: claiming('tiki:307', { premiumAccount: true }),
    accountIsString: claiming('tiki:308', { ...paid, premiumAccount: 'true' }),
    accountIsNumber: claiming('tiki:309', { ...paid, premiumAccount: 1 }),
    accountIsFalse: claiming('tiki:310', { ...paid, premiumAccount: false }),
    accountIsMissing: claiming('tiki:311', { premiumUntil: later }),
    // Just bought; the token has not been refreshed yet.
    notYetRefreshed: claiming('tiki:312', {}),

    refunded: { auth: tiki('tiki:320', paid), recorded: 0 },
    recordExpiringNow: { auth: tiki('tiki:321', paid), recorded: now },
    recordIsString: { auth: tiki('tiki:322', paid), recorded: String(later) },
    recordIsMissing: { auth: tiki('tiki:323', paid) },
  } as const satisfies Record<string, Person>;
}

export type Who = keyof ReturnType<typeof people>;
