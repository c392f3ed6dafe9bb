import { Problem } from '../problem';

/**
 * What intermediaries should support (RFC 9110, 4.1: 8000); Node accepts 16 KiB for a target and all
 * headers together. Fits every ASCII document name (up to 6 KiB), but not every other one:
 * percent-encoded, a Vietnamese letter takes up to nine characters. Longer names fit in bodies, as in
 * `:batchGet` and `:commit`.
 */
const MAX_TARGET_LENGTH = 8_192;

/**
 * An undecoded path of what RFC 3986 allows in segments: no empty segment, backslash, control character,
 * non-ASCII character or trailing slash.
 */
const PATH = /^(?:\/[A-Za-z0-9._~!$&'()*+,;=%:@-]+)+$/;

/** A request's target as it was sent, split and not decoded. */
export interface Target {
  readonly path: string;
  /** Without the `?`; empty where there is none. */
  readonly query: string;
}

/**
 * Undefined for a target that cannot match anything here.
 *
 * @throws Problem `invalid-request` for one that is too long.
 */
export function parseTarget(raw: string): Target | undefined {
  if (raw.length > MAX_TARGET_LENGTH) {
    throw new Problem('invalid-request', { request: { target: 'too-long' } });
  }
  const mark = raw.indexOf('?');
  const path = mark === -1 ? raw : raw.slice(0, mark);
  if (!PATH.test(path)) return undefined;
  return { path, query: mark === -1 ? '' : raw.slice(mark + 1) };
}

/** Undefined for a stray percent sign, or bytes that are not UTF-8, such as an overlong `%c0%af`. */
function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * One segment of a document's path: decoded once, checked, and encoded again, so that exactly the
 * checked id is sent. A colon is sent as `%3A`: it can be part of an id (`tiki:42`) but never start a
 * custom method.
 *
 * Refused is only what is no id in Firestore and would lead elsewhere. Everything else can be written
 * with `:commit`, whose ids are in the body, and must be readable: `%` and `\`, as in ids made of
 * addresses, and control characters, which leave encoded.
 *
 * @throws Problem `invalid-request`
 */
export function pathSegment(raw: string): string {
  const id = percentDecoded(raw);
  if (id === undefined || id === '.' || id === '..' || id.includes('/')) {
    throw new Problem('invalid-request', { request: { target: 'path' } });
  }
  return encodeURIComponent(id);
}

/** Cloud Storage counts UTF-8. https://cloud.google.com/storage/docs/objects#naming */
const MAX_FILE_NAME_BYTES = 1_024;

/** Control characters; Cloud Storage itself refuses line breaks only. */
const CONTROL = /\p{Cc}/u;

/**
 * The name of a file in Cloud Storage, decoded once; its slashes may be encoded or not. Parts that
 * are empty, `.` or `..` are refused: rules match names part by part, and URLs lose such parts.
 *
 * @throws Problem `invalid-request`
 */
export function fileName(raw: string): string {
  const name = percentDecoded(raw);
  const isName =
    name !== undefined &&
    name.split('/').every((part) => !/^\.{0,2}$/.test(part)) &&
    !CONTROL.test(name) &&
    Buffer.byteLength(name) <= MAX_FILE_NAME_BYTES;
  if (!isName) throw new Problem('invalid-request', { request: { target: 'file-name' } });
  return name;
}

/** Names of query parameters. */
export interface QueryParameters {
  readonly once: readonly string[];
  readonly repeated: readonly string[];
}

/** Clients of Firebase send it with every call. */
const API_KEY = 'key';

/** The parameters to pass on, and the caller's API key, which is not passed on. */
export interface Query {
  /** `name=value`, encoded. */
  readonly pairs: string[];
  /** Decoded. Not a secret: every client of a project has it. */
  readonly apiKey: string | undefined;
}

/** Both queries and forms percent-encode everything else. */
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

/** Names and decoded values; undefined for an unknown or repeated name, or a malformed value. */
function readPairs(
  raw: string,
  { once, repeated }: QueryParameters,
): (readonly [name: string, value: string])[] | undefined {
  const pairs: [string, string][] = [];
  const seen = new Set<string>();
  if (!VISIBLE_ASCII.test(raw)) return undefined;
  for (const part of raw === '' ? [] : raw.split('&')) {
    const name = part.replace(/=.*$/s, '');
    // Forms write a space as a plus sign.
    const value = percentDecoded(part.slice(name.length + 1).replaceAll('+', ' '));
    const known = once.includes(name) ? !seen.has(name) : repeated.includes(name);
    if (!known || value === undefined) return undefined;
    seen.add(name);
    pairs.push([name, value]);
  }
  return pairs;
}

const written = ([name, value]: readonly [string, string]): string =>
  `${name}=${encodeURIComponent(value)}`;

/**
 * Parses a query with an allow-list of names and rebuilds it. Others are refused: Google's endpoints
 * have parameters that change the whole call (`$httpMethod`, `access_token`, `callback`). The caller's
 * API key names the project of the users, so it is used only where none is configured.
 *
 * @throws Problem `invalid-request`
 */
export function readQuery(raw: string, { once, repeated }: QueryParameters): Query {
  const all = readPairs(raw, { once: [...once, API_KEY], repeated });
  if (!all) throw new Problem('invalid-request', { request: { target: 'query' } });
  return {
    pairs: all.filter(([name]) => name !== API_KEY).map(written),
    apiKey: all.find(([name]) => name === API_KEY)?.[1],
  };
}

/**
 * The decoded values of a query that is not passed on as such.
 *
 * @throws Problem `invalid-request`
 */
export function queryValues(raw: string, names: readonly string[]): ReadonlyMap<string, string> {
  const all = readPairs(raw, { once: names, repeated: [] });
  if (!all) throw new Problem('invalid-request', { request: { target: 'query' } });
  return new Map(all);
}

const REFRESH: QueryParameters = { once: ['grant_type', 'refresh_token'], repeated: [] };

/**
 * The form with which the Auth SDK refreshes an ID token, checked and rebuilt like a query.
 *
 * @throws Problem `invalid-request`
 */
export function rebuiltRefreshForm(body: Buffer): Buffer {
  const all = readPairs(body.toString(), REFRESH);
  if (!all) throw new Problem('invalid-request', { request: { body: 'not-a-token-form' } });
  return Buffer.from(all.map(written).join('&'));
}
