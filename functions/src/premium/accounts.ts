import type { Claims } from './account-claims';
import { EntitlementError } from './entitlement-error';
import { codeOf } from '../google/error-code';
import { type CallBounds, within } from './google-call';

export interface Account {
  readonly uid: string;
  readonly claims: Claims;
}

/** The part of Firebase Auth that premium needs. @throws EntitlementError `account-unavailable` */
export interface Accounts {
  /** Undefined when the customer has never signed in. */
  read(uid: string): Promise<Account | undefined>;
  /** Takes at most 100 uids; accounts that do not exist are missing from the result. */
  readMany(uids: readonly string[]): Promise<ReadonlyMap<string, Account>>;
  /** Creates an account with only a uid. An existing account is not an error. */
  create(uid: string): Promise<void>;
  /** Deletes an account and its sessions. False: there was none. */
  remove(uid: string): Promise<boolean>;
  /** Replaces all claims. Sessions see them when their ID token is next refreshed. */
  writeClaims(uid: string, claims: Claims): Promise<void>;
  /** Every account of the project, a page at a time. */
  list(pageToken: string | undefined): Promise<AccountPage>;
}

export interface AccountPage {
  readonly accounts: readonly Account[];
  readonly nextPageToken: string | undefined;
}

interface UserRecord {
  readonly uid: string;
  readonly customClaims?: Claims;
}

/** The part of firebase-admin's `Auth` that is used here. */
export interface AuthApi {
  getUser(uid: string): Promise<UserRecord>;
  getUsers(identifiers: { uid: string }[]): Promise<{ readonly users: readonly UserRecord[] }>;
  createUser(properties: { uid: string }): Promise<UserRecord>;
  deleteUser(uid: string): Promise<void>;
  setCustomUserClaims(uid: string, claims: Claims): Promise<void>;
  listUsers(
    maxResults: number,
    pageToken?: string,
  ): Promise<{ readonly users: readonly UserRecord[]; readonly pageToken?: string }>;
}

const toAccount = ({ uid, customClaims }: UserRecord): Account => ({
  uid,
  claims: customClaims ?? {},
});

async function bounded<T>(bounds: CallBounds, work: () => Promise<T>): Promise<T> {
  try {
    return await within(bounds, { code: 'account-unavailable', name: 'Firebase Auth' }, work);
  } catch (error) {
    if (error instanceof EntitlementError) throw error;
    throw new EntitlementError('account-unavailable', 'A Firebase Auth call failed', error);
  }
}

/** Turns one expected Firebase error code into undefined. */
async function undefinedOn<T>(code: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === code) return undefined;
    throw error;
  }
}

export function createAccounts(auth: AuthApi, bounds: CallBounds = {}): Accounts {
  const call = <T>(work: () => Promise<T>) => bounded(bounds, work);
  return {
    read: (uid) =>
      call(async () => {
        const record = await undefinedOn('auth/user-not-found', () => auth.getUser(uid));
        return record && toAccount(record);
      }),
    readMany: (uids) =>
      call(async () => {
        if (uids.length === 0) return new Map<string, Account>();
        const { users } = await auth.getUsers(uids.map((uid) => ({ uid })));
        return new Map(users.map((record) => [record.uid, toAccount(record)]));
      }),
    create: async (uid) => {
      await call(() => undefinedOn('auth/uid-already-exists', () => auth.createUser({ uid })));
    },
    remove: (uid) =>
      call(async () => {
        const remove = () => auth.deleteUser(uid).then(() => true);
        return (await undefinedOn('auth/user-not-found', remove)) ?? false;
      }),
    writeClaims: (uid, claims) => call(() => auth.setCustomUserClaims(uid, claims)),
    list: (pageToken) =>
      call(async () => {
        const page = await auth.listUsers(1_000, pageToken);
        return { accounts: page.users.map(toAccount), nextPageToken: page.pageToken };
      }),
  };
}
