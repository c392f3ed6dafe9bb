import { isUidOfCustomer } from '../premium/customer-uid';

/** An account, as much as matters here. */
export interface Seen {
  readonly uid: string;
  /** Epoch ms of the last sign-in or token refresh, whichever is later; undefined: never. */
  readonly seenAt: number | undefined;
}

/** The accounts of a project. */
export interface Accounts {
  /** All of them, in pages. */
  readonly pages: () => AsyncIterable<readonly Seen[]>;
  /** Ends all sessions of one. False: it is gone. */
  readonly signOut: (uid: string) => Promise<boolean>;
}

export interface Revocation {
  /** Epoch ms: sessions that were opened or used since then end. */
  readonly since: number;
  /** Also accounts that are no customer's: whoever has the signing key can be anybody. */
  readonly everybody: boolean;
}

export interface Revoked {
  readonly looked: number;
  readonly revoked: number;
  /** Whose sessions may go on. */
  readonly failed: readonly string[];
}

/** Firebase Auth takes some hundred changes of accounts a second. */
const AT_ONCE = 20;

/**
 * Ends the sessions of everybody who was there since a time. May be repeated: the users sign in again,
 * in a Tini App without noticing.
 *
 * @throws what the list of accounts throws: repeat it then
 */
export async function revokeSessions(
  { since, everybody }: Revocation,
  accounts: Accounts,
): Promise<Revoked> {
  let [looked, revoked] = [0, 0];
  const failed: string[] = [];
  for await (const page of accounts.pages()) {
    looked += page.length;
    const waiting = page
      .filter(({ uid, seenAt = 0 }) => seenAt >= since && (everybody || isUidOfCustomer(uid)))
      .values();
    const work = async () => {
      for (const { uid } of waiting) {
        try {
          if (await accounts.signOut(uid)) revoked += 1;
        } catch {
          failed.push(uid);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
  return { looked, revoked, failed };
}
