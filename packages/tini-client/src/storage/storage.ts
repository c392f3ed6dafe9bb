import { appCheck } from '../auth/app-check';
import { type Connection } from '../connection';
import { type ErrorCode } from '../errors';
import { merge } from '../merge';
import { mistyped } from '../mistyped';
import { type Answer, type Fields, fieldsOf } from '../runtime/answer';
import { dataOf } from '../runtime/data-of';
import { send } from '../runtime/http';
import { withRetry } from '../runtime/retry';
import { mediaTypeOf } from './media-type';
import { uploadFile } from './upload-file';

export interface UploadMetadata {
  /** `image/png`; default by the ending of the path or of the file. */
  readonly contentType?: string;
  /** How long phones and caches may keep the file: `public, max-age=3600`. Default not at all. */
  readonly cacheControl?: string;
}

export interface UploadedFile {
  /** In the bucket: `users/tiki:1/photo.png`. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly contentType: string;
  /** Opens the file to whoever knows it, whatever the rules say. */
  readonly downloadUrl: string;
}

/** Cloud Storage as the signed-in user, subject to its security rules. */
export interface FirebaseStorage {
  /**
   * Uploads a file, or replaces it: at most 10 MiB; pictures, sound, video or PDF. Not repeated by
   * itself, but it can be: the same file at the same path.
   *
   * @param path Where to, in the bucket.
   * @param filePath What, as `my.chooseImage` gives it.
   */
  readonly upload: (
    path: string,
    filePath: string,
    metadata?: UploadMetadata,
  ) => Promise<UploadedFile>;
  /** The address of a file that the user may read, as Firebase's `getDownloadURL`. */
  readonly downloadUrl: (path: string) => Promise<string>;
}

/** Storage's own errors have only a number. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  402: 'resource-exhausted',
  403: 'permission-denied',
};

/** The types of all arguments. */
const TYPES = { filePath: 'string', contentType: 'string', cacheControl: 'string' };

const GOOGLE = 'https://firebasestorage.googleapis.com/v0/b';

/**
 * Slashes and colons are not encoded: every uid has a colon, and some runtimes encode percent signs
 * again.
 */
const inUrl = (text: string) =>
  encodeURIComponent(text).replace(/%(?:3A|2F|2C|3D)/g, decodeURIComponent);

function fileOf(
  connection: Connection,
  answer: Answer,
  wanted: { readonly bucket: string; readonly path: string },
): UploadedFile {
  const { status, data } = answer;
  const body: Fields = fieldsOf(data);
  const code = CODES[status];
  if (code && fieldsOf(body['error'])['code'] === status) {
    connection.failWith(code, { status, body });
  }
  if (status >= 400) dataOf(connection, answer);
  const { bucket, name, size, contentType, downloadTokens } = body;
  const isWanted = bucket === wanted.bucket && name === wanted.path && /^\d+$/.test(String(size));
  if (status !== 200 || !isWanted) connection.failWith('bad-response', { status, body });
  // Missing if the file was uploaded by other means and its tokens were revoked.
  const [token] = typeof downloadTokens === 'string' ? downloadTokens.split(',') : [];
  if (!token) connection.failWith('failed-precondition', { detail: 'downloadTokens', body });
  const file = `${GOOGLE}/${wanted.bucket}/o/${encodeURIComponent(wanted.path)}`;
  return {
    path: wanted.path,
    size: Number(size),
    contentType: String(contentType),
    downloadUrl: `${file}?alt=media&token=${encodeURIComponent(token)}`,
  };
}

/** Pass it to createTikiFirebase as `storage`. */
export function storage(connection: Connection): FirebaseStorage {
  const { authorised, gatewayUrl, failWith, my, projectId } = connection;
  const { storageBucket = `${projectId}.firebasestorage.app` } = connection;

  const refuse = (detail: string) => failWith('invalid-argument', { detail });

  function urlOf(path: string): string {
    if (typeof path !== 'string') refuse('path');
    // Parts that are empty, `.` or `..` are lost in URLs.
    if (path.split('/').some((part) => /^\.{0,2}$/.test(part))) refuse(path);
    try {
      return `${gatewayUrl}/storage/v0/b/${storageBucket}/o/${inUrl(path)}`;
    } catch {
      // Half of a surrogate pair.
      return refuse(path);
    }
  }

  return {
    async upload(path, filePath, metadata) {
      const { contentType: given, cacheControl } = metadata || {};
      const address = urlOf(path);
      const wrong = mistyped({ filePath, contentType: given, cacheControl }, TYPES, ['filePath']);
      if (wrong) refuse(wrong);
      if (!filePath) refuse('filePath');
      const contentType = given || mediaTypeOf(path, filePath);
      if (!contentType) refuse('contentType');
      if (!my.uploadFile) failWith('failed-precondition', { detail: 'my.uploadFile' });
      const cache = cacheControl ? `&cacheControl=${inUrl(cacheControl.replace(/\s/g, ''))}` : '';
      const url = `${address}?contentType=${inUrl(contentType)}${cache}`;
      const answer = await authorised((authorisation, session) => {
        const headers = merge(authorisation, appCheck(session, connection.now()));
        return uploadFile(connection, { url, filePath, contentType, headers });
      });
      return fileOf(connection, answer, { bucket: storageBucket, path });
    },
    async downloadUrl(path) {
      const url = urlOf(path);
      const wanted = { bucket: storageBucket, path };
      const answer = await authorised((authorisation, session) => {
        const headers = merge(authorisation, appCheck(session, connection.now()));
        return withRetry(connection, async () => {
          const received = await send(connection, { url, headers });
          // A 401 is answered by `authorised`, with a new token.
          if (received.status !== 401) fileOf(connection, received, wanted);
          return received;
        });
      });
      return fileOf(connection, answer, wanted).downloadUrl;
    },
  };
}
