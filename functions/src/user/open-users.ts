import type { Actor } from '../premium/audit';
import type { AuditQuestion, StoredAuditEntry } from '../premium/audit-trail';
import type { Kept } from './kept';
import type { Accounts } from './revoke';

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

/**
 * Users of a real project (Application Default Credentials), or of the emulators that the environment
 * names. Loads Google's clients only now.
 */
export async function openUsers(project: UsersProject): Promise<Users> {
  const { connectUsers } = await import('./connect-users.js');
  return connectUsers(project);
}
