import type { Who } from './people';
import type { Fields } from './world';

export type Service = 'firestore' | 'storage' | 'database';
export type Operation = 'get' | 'list' | 'create' | 'update' | 'delete';
export type Verdict = 'allow' | 'deny';

export interface Case {
  readonly who: Who;
  readonly operation: Operation;
  /**
   * Firestore: a document, for `list` a collection. Storage: a file's name, for `list` a prefix.
   * Realtime Database: a node.
   */
  readonly path: string;
  readonly services: readonly Service[];
  readonly expected: Verdict;
  readonly because: string;
  /** What `create` and `update` write: a whole document, a node's value, or a file. */
  readonly data?: unknown;
  /** The filters of a Firestore query, all `==`. */
  readonly where?: Fields;
}

export type Row = (
  who: Who,
  operation: Operation,
  path: string,
  services: readonly Service[],
  because: string,
  extra?: Pick<Case, 'data' | 'where'>,
) => Case;

/** Builds the rows of a table: `allow('owner', 'get', 'users/…', ['firestore'], 'why')`. */
export const row =
  (expected: Verdict): Row =>
  (who, operation, path, services, because, extra = {}) => ({
    ...{ who, operation, path, services, expected, because },
    ...extra,
  });

/** A row as a test name. */
export function describeCase({
  who,
  operation,
  path,
  expected,
  because,
  where,
  data,
}: Case): string {
  const detail = where || data ? JSON.stringify(where ?? data) : '';
  const shown = detail.length > 60 ? `${detail.slice(0, 57)}...` : detail;
  return `${expected} ${who} ${operation} /${path} ${shown} (${because})`.replace('  ', ' ');
}
