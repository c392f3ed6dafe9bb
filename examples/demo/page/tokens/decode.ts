import { isRecord, type JsonRecord } from '../json';

export interface DecodedToken {
  readonly header: JsonRecord;
  readonly claims: JsonRecord;
}

/**
 * Decodes a JWT for display, without verification.
 *
 * @throws Error if the text is not a JWT
 */
export function decodeToken(jwt: string): DecodedToken {
  const [header = '', claims = ''] = jwt.split('.');
  return { header: part(header), claims: part(claims) };
}

function part(base64url: string): JsonRecord {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (!isRecord(json)) throw new Error('This part of the token is not a JSON object');
  return json;
}
