import { type Connection } from '../connection';
import { refuse } from './refuse';

/** What the full names of this project's documents begin with, as Firestore wants them in bodies. */
export function documentsRoot({ projectId }: Connection): string {
  return `projects/${projectId}/databases/(default)/documents/`;
}

/** `users/tiki:1` → its segments: an even number for a document, an odd one for a collection. */
export function segmentsOf(connection: Connection, path: string, remainder: 0 | 1): string[] {
  const segments = path.split('/');
  // What stands between the slashes of a URL must not mean the folder itself or the one above.
  const isBad = (segment: string) => /^\.{0,2}$/.test(segment);
  if (segments.some(isBad) || segments.length % 2 !== remainder) refuse(connection, path);
  return segments;
}

/** Of what a reference points to; one into another database has its full name already. */
export function referencedName(connection: Connection, path: string): string {
  const isFull = /^projects\/[^/]+\/databases\/[^/]+\/documents\//.test(path);
  return isFull ? path : documentsRoot(connection) + path;
}

/** For URLs. Colons stay: every uid has one, and some runtimes encode a percent sign once more. */
export function urlPath(segments: readonly string[]): string {
  return segments.map((segment) => encodeURIComponent(segment).replace(/%3A/g, ':')).join('/');
}

/** `a.b` is field b of map a. Names that are not plain words are quoted. */
export function quoteFieldPath(path: string): string {
  const quote = (name: string) =>
    /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replace(/[\\`]/g, '\\$&')}\``;
  return path.split('.').map(quote).join('.');
}
