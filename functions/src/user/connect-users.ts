import { randomUUID } from 'node:crypto';
import { applicationDefault, deleteApp, initializeApp } from 'firebase-admin/app';
import { type Auth, getAuth, type UserRecord } from 'firebase-admin/auth';
import type { DocumentReference, Firestore, Query } from 'firebase-admin/firestore';
import { within } from '../clock';
import { codeOf } from '../google/error-code';
import { type Actor, AUDIT } from '../premium/audit';
import { type AuditQuestion, readAuditTrail, type StoredAuditEntry } from '../premium/audit-trail';
import { connect } from '../premium/connection';
import { assemblePremium } from '../premium/open-premium';
import { userFiles } from './files';
import type { Contents, Kept } from './kept';
import { userNodes } from './nodes';
import { plain } from './plain';
import type { Accounts } from './revoke';

/** One call to Google, ms: an operator watches, and a first call may take seconds. */
const CALL_MS = 30_000;
/** To read or delete all documents of one user, or to read the audit trail, ms. */
const ALL_MS = 600_000;
const PAGE = 1_000;
/** Codes of a minute: more of one user is an attack. */
const MAX_HAND_OVERS = 500;

export interface UsersProject {
  readonly projectId: string;
  /** The Realtime Database that has a mirror of premium; undefined: none. */
  readonly databaseUrl: string | undefined;
  /** Those that may have files of users. One that does not exist has none. */
  readonly buckets: readonly string[];
  /** Who asks, for the audit trail. */
  readonly by: Actor;
}

export interface Users {
  readonly kept: Kept;
  readonly accounts: Accounts;
  readonly auditTrail: (question: AuditQuestion) => Promise<readonly StoredAuditEntry[]>;
  readonly close: () => Promise<void>;
}

/** Undefined for an account that there is not. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await within(CALL_MS, work);
  } catch (error) {
    if (codeOf(error) === 'auth/user-not-found') return undefined;
    throw error;
  }
}

const iso = (time: string | null | undefined): string | null =>
  time ? new Date(time).toISOString() : null;

/** Epoch ms of the last sign-in or token refresh; undefined: never. */
function seenAt({ metadata }: UserRecord): number | undefined {
  const times = [metadata.lastSignInTime, metadata.lastRefreshTime].flatMap((time) =>
    time ? [Date.parse(time)] : [],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function accountsOf(auth: Auth): Accounts {
  return {
    pages: async function* () {
      for (let token: string | undefined; ;) {
        const { users, pageToken } = await within(CALL_MS, auth.listUsers(PAGE, token));
        yield users.map((user) => ({ uid: user.uid, seenAt: seenAt(user) }));
        if (pageToken === undefined) return;
        token = pageToken;
      }
    },
    signOut: async (uid) =>
      (await ifThere(auth.revokeRefreshTokens(uid).then(() => true))) ?? false,
  };
}

/** A document with all below it, also below documents that do not exist. */
async function addTree(document: DocumentReference, to: Record<string, unknown>): Promise<void> {
  const snapshot = await document.get();
  if (snapshot.exists) to[document.path] = plain(snapshot.data());
  for (const collection of await document.listCollections()) {
    for (const child of await collection.listDocuments()) await addTree(child, to);
  }
}

async function treesOf(documents: readonly DocumentReference[]): Promise<Contents> {
  const found: Record<string, unknown> = {};
  for (const document of documents) await addTree(document, found);
  return found;
}

async function documentsOf(query: Query): Promise<Contents> {
  const { docs } = await query.get();
  return Object.fromEntries(docs.map((document) => [document.ref.path, plain(document.data())]));
}

const inFirestore = (firestore: Firestore) => {
  const handOvers = (uid: string) =>
    firestore.collection('handOvers').where('uid', '==', uid).limit(MAX_HAND_OVERS);
  const user = (uid: string) => firestore.collection('users').doc(uid);
  return {
    documents: (uid: string) => within(ALL_MS, treesOf([user(uid)])),
    handOvers: (uid: string) => within(CALL_MS, documentsOf(handOvers(uid))),
    entitlement: async (uid: string) =>
      plain((await within(CALL_MS, firestore.collection('entitlements').doc(uid).get())).data()),
    orders: async (uid: string) => {
      const mine = firestore.collection('orders').where('uid', '==', uid);
      const { docs } = await within(CALL_MS, mine.get());
      return within(ALL_MS, treesOf(docs.map(({ ref }) => ref)));
    },
    audit: (uid: string) =>
      within(ALL_MS, documentsOf(firestore.collection(AUDIT).where('uid', '==', uid))),
    removeDocuments: (uid: string) => within(ALL_MS, firestore.recursiveDelete(user(uid))),
    removeHandOvers: async (uid: string) => {
      const { docs } = await within(CALL_MS, handOvers(uid).get());
      await within(CALL_MS, Promise.all(docs.map(({ ref }) => ref.delete())));
    },
  };
};

export async function connectUsers(project: UsersProject): Promise<Users> {
  const { projectId, databaseUrl, buckets, by } = project;
  const connection = await connect({ projectId, databaseUrl, by, timeoutMs: CALL_MS });
  const app = initializeApp(
    {
      ...{ credential: applicationDefault(), projectId },
      ...(databaseUrl !== undefined && { databaseURL: databaseUrl }),
    },
    `tiki-users-${randomUUID()}`,
  );
  const auth = getAuth(app);
  const nodes =
    databaseUrl === undefined
      ? undefined
      : userNodes((await import('firebase-admin/database')).getDatabase(app));
  const files =
    buckets.length === 0
      ? undefined
      : userFiles((await import('firebase-admin/storage')).getStorage(app), buckets);

  return {
    accounts: accountsOf(auth),
    auditTrail: (question) => within(ALL_MS, readAuditTrail(connection.firestore, question)),
    kept: {
      ...inFirestore(connection.firestore),
      account: async (uid) => {
        const user = await ifThere(auth.getUser(uid));
        return (
          user && {
            disabled: user.disabled,
            createdAt: iso(user.metadata.creationTime),
            lastSignInAt: iso(user.metadata.lastSignInTime),
            lastRefreshAt: iso(user.metadata.lastRefreshTime),
            displayName: user.displayName ?? null,
            claims: user.customClaims ?? {},
          }
        );
      },
      files: async (uid) => (await files?.list(uid)) ?? [],
      nodes: nodes?.read,
      lock: async (uid) => {
        // Signed out after it is disabled: a refresh in between would open the session again.
        if (!(await ifThere(auth.updateUser(uid, { disabled: true })))) return;
        await ifThere(auth.revokeRefreshTokens(uid));
      },
      removeFiles: async (uid) => {
        await files?.remove(uid);
      },
      removeNodes: nodes?.remove,
      removePremiumAndAccount: async (uid) => {
        await assemblePremium(connection).service.remove(uid);
      },
    },
    close: async () => {
      await Promise.all([connection.close(), deleteApp(app)]);
    },
  };
}
