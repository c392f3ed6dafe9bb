import { type Connection } from '../connection';
import { refuse } from './refuse';

/** The prefix of full document names, which Firestore requires in request bodies. */
export function documentsRoot({ projectId }: Connection): string {
  return `projects/${projectId}/databases/(default)/documents/`;
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

/** `a.b` is field b of map a. Names that are not identifiers are quoted. */
export function quoteFieldPath(path: string): string {
  const quote = (name: string) =>
    /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replace(/[\\`]/g, '\\$&')}\``;
  return path.split('.').map(quote).join('.');
}
