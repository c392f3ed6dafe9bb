import { type Connection } from '../connection';
import { refuse } from './refuse';

/** The prefix of full document names, which Firestore requires in request bodies. */
export function documentsRoot({ projectId }: Connection): string {
  return `projects/${projectId}/databases/(default)/documents/`;
}

/** The full name of a document; throws if the path is not a document's. */
export function documentName(connection: Connection, path: string): string {
  segmentsOf(connection, path, 0);
  return documentsRoot(connection) + path;
}

/** Splits `users/tiki:1`: an even number of segments for a document, odd for a collection. */
export function segmentsOf(connection: Connection, path: string, remainder: 0 | 1): string[] {
  const segments = path.split('/');
  // Rejects '', '.' and '..', which URLs normalize.
  const isBad = (segment: string) => /^\.{0,2}$/.test(segment);
  if (segments.some(isBad) || segments.length % 2 !== remainder) refuse(connection, path);
  return segments;
}

/** The full name of a reference's target; already full for another database. */
export function referencedName(connection: Connection, path: string): string {
  const isFull = /^projects\/[^/]+\/databases\/[^/]+\/documents\//.test(path);
  return isFull ? path : documentsRoot(connection) + path;
}

/** Colons are not encoded: every uid has one, and some runtimes encode percent signs again. */
export function urlPath(segments: readonly string[]): string {
  return segments.map((segment) => encodeURIComponent(segment).replace(/%3A/g, ':')).join('/');
}

/** Quotes a name that is no identifier. */
export function quoteFieldName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

/** `a.b` is field b of map a. */
export function quoteFieldPath(path: string): string {
  return path.split('.').map(quoteFieldName).join('.');
}
