import { Problem } from '../../problem';
import { setParameters } from '../../remedy';
import type { Place } from '../places';
import { fileName } from '../target';

/** A file in one of the project's buckets. */
export interface StoredFile {
  readonly bucket: string;
  /** Decoded, with slashes. */
  readonly name: string;
}

const FILE = /^\/storage\/v0\/b\/([^/]+)\/o\/(.+)$/;

/**
 * The file that a path names: `/storage/v0/b/<bucket>/o/<name>`, the address at Google below
 * `/storage`. Unlike there, the slashes of the name need not be encoded: some runtimes encode percent
 * signs again.
 *
 * @throws Problem `not-found` for another bucket, `invalid-request` for an impossible name.
 */
export function fileAt(path: string, buckets: readonly string[]): StoredFile | undefined {
  const [, bucket = '', name = ''] = FILE.exec(path) ?? [];
  if (name === '') return undefined;
  if (!buckets.includes(bucket)) {
    throw new Problem('not-found', {
      operator: {
        cause: `A file of another bucket was asked for; served here: ${buckets.join(', ')}`,
        remedy: setParameters(
          "if it is this app's bucket, set the parameter (STORAGE_BUCKET)",
          'functions:tiki-bridge:gateway',
        ),
      },
    });
  }
  return { bucket, name: fileName(name) };
}

/** Where a file's metadata is: with the download token, if rules let the user read the file. */
export function metadataPlace({ bucket, name }: StoredFile): Place {
  return {
    path: `/v0/b/${bucket}/o/${encodeURIComponent(name)}`,
    operations: {
      GET: {
        name: 'storage.getMetadata',
        upstream: 'storage',
        parameters: { once: [], repeated: [] },
        types: [],
      },
    },
  };
}
