import type { getStorage } from 'firebase-admin/storage';
import { within } from '../clock';
import { codeOf } from '../google/error-code';
import type { KeptFile } from './kept';

type Storage = ReturnType<typeof getStorage>;
type Bucket = ReturnType<Storage['bucket']>;
type File = ReturnType<Bucket['file']>;

/** To list or delete all files of one user, ms. */
const ALL_MS = 600_000;
/** Deletions at the same time. */
const AT_ONCE = 20;

/** The files of users in Cloud Storage: those below `users/<uid>/`. */
export interface UserFiles {
  readonly list: (uid: string) => Promise<readonly KeptFile[]>;
  readonly remove: (uid: string) => Promise<void>;
}

/**
 * All files of a user, from however many pages; of a bucket that does not exist, none.
 *
 * @param versions Also those that were deleted or replaced in a bucket that keeps earlier versions.
 */
async function filesIn(bucket: Bucket, uid: string, versions: boolean): Promise<readonly File[]> {
  try {
    // With the slash: `users/tiki:1` also begins the names of tiki:12.
    const [files] = await bucket.getFiles({ prefix: `users/${uid}/`, versions });
    return files;
  } catch (error) {
    if (codeOf(error) === 404) return [];
    throw error;
  }
}

/** Not with `bucket.deleteFiles`, which fails when somebody else has deleted one of them. */
async function removeAll(files: readonly File[]): Promise<void> {
  const waiting = files.values();
  const work = async () => {
    for (const file of waiting) await file.delete({ ignoreNotFound: true });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** @param buckets Those that may have files of users. */
export function userFiles(storage: Storage, buckets: readonly string[]): UserFiles {
  return {
    list: async (uid) => {
      const found: KeptFile[] = [];
      for (const name of buckets) {
        for (const file of await within(ALL_MS, filesIn(storage.bucket(name), uid, false))) {
          const { size, contentType, updated } = file.metadata;
          found.push({
            url: `gs://${name}/${file.name}`,
            bytes: Number(size ?? 0),
            contentType: contentType ?? '',
            updatedAt: updated ?? '',
          });
        }
      }
      return found;
    },
    remove: async (uid) => {
      for (const name of buckets) {
        const files = await within(ALL_MS, filesIn(storage.bucket(name), uid, true));
        await within(ALL_MS, removeAll(files));
      }
    },
  };
}
