// What is kept about a user, and where. Shows, exports and deletes all of it.
// May import premium, google, and what is below them.

/** Documents by their path, or nodes, in JSON's types. */
export type Contents = Readonly<Record<string, unknown>>;

export interface KeptAccount {
  readonly disabled: boolean;
  /** Times in ISO 8601; null: never. */
  readonly createdAt: string | null;
  readonly lastSignInAt: string | null;
  readonly lastRefreshAt: string | null;
  readonly displayName: string | null;
  readonly claims: Contents;
}

export interface KeptFile {
  /** `gs://bucket/name` */
  readonly url: string;
  readonly bytes: number;
  readonly contentType: string;
  /** ISO 8601 */
  readonly updatedAt: string;
}

/**
 * The places where something about a user is kept. To remove what is not there is no error, so that all
 * of it can be repeated.
 */
export interface Kept {
  /** Undefined: never signed in, or deleted. */
  readonly account: (uid: string) => Promise<KeptAccount | undefined>;
  /** Firestore: `users/{uid}` and everything below: devices, notifications and receipts too. */
  readonly documents: (uid: string) => Promise<Contents>;
  /** Firestore: codes of a minute that hand a session over. */
  readonly handOvers: (uid: string) => Promise<Contents>;
  /** Firestore: `entitlements/{uid}`. */
  readonly entitlement: (uid: string) => Promise<unknown>;
  /** Firestore: `orders` of the user, with the messages below. */
  readonly orders: (uid: string) => Promise<Contents>;
  /** Firestore: the user's part of the audit trail. */
  readonly audit: (uid: string) => Promise<Contents>;
  /** Cloud Storage: below `users/{uid}/`. */
  readonly files: (uid: string) => Promise<readonly KeptFile[]>;
  /** Realtime Database: `users/{uid}` and the mirror of premium. Undefined: none is configured. */
  readonly nodes: ((uid: string) => Promise<Contents>) | undefined;

  /** Ends all sessions, and keeps the account from opening new ones. */
  readonly lock: (uid: string) => Promise<void>;
  readonly removeDocuments: (uid: string) => Promise<void>;
  readonly removeHandOvers: (uid: string) => Promise<void>;
  readonly removeFiles: (uid: string) => Promise<void>;
  readonly removeNodes: ((uid: string) => Promise<void>) | undefined;
  /** The entitlement, its mirror, and last of all the account. */
  readonly removePremiumAndAccount: (uid: string) => Promise<void>;
}

/** All of it, as `user export` writes it. */
export interface Everything {
  readonly uid: string;
  /** ISO 8601 */
  readonly exportedAt: string;
  readonly account: KeptAccount | null;
  readonly entitlement: unknown;
  readonly documents: Contents;
  readonly handOvers: Contents;
  readonly orders: Contents;
  readonly audit: Contents;
  readonly files: readonly KeptFile[];
  /** Null: no Realtime Database is configured. */
  readonly nodes: Contents | null;
}

/** @param now Epoch ms. */
export async function everythingAbout(uid: string, kept: Kept, now: number): Promise<Everything> {
  const [account, entitlement, documents, handOvers, orders, audit, files, nodes] =
    await Promise.all([
      kept.account(uid),
      kept.entitlement(uid),
      kept.documents(uid),
      kept.handOvers(uid),
      kept.orders(uid),
      kept.audit(uid),
      kept.files(uid),
      kept.nodes?.(uid),
    ]);
  return {
    ...{ uid, exportedAt: new Date(now).toISOString(), account: account ?? null },
    ...{ entitlement: entitlement ?? null, documents, handOvers, orders, audit, files },
    nodes: nodes ?? null,
  };
}
