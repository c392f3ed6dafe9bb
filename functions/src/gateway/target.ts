import { percentDecoded } from '../http/percent-decoded';
import { Problem } from '../problem';

/**
 * What whoever stands on the way should let through (RFC 9110, 4.1, asks for 8000); the framework
 * behind has 16 KiB for a target and all headers together. Room for every document name in ASCII,
 * 6 KiB at most, but not for every other one: percent-encoded, a Vietnamese letter takes up to nine
 * characters. Longer names go through in bodies, as in `:batchGet` and `:commit`.
 */
const MAX_TARGET_LENGTH = 8_192;

/**
 * What a path may look like before anything is decoded: never an empty part, a backslash, a `;`,
 * a control character, anything outside ASCII or a slash at the end. An absolute URL
 * (`GET http://elsewhere/`) does not begin with a slash.
 */
const PATH = /^(?:\/[A-Za-z0-9._~!*'()%:@-]+)+$/;

/** A request's target as it stood on the wire, cut in two and not decoded. */
export interface Target {
  readonly path: string;
  /** Without the `?`; empty where there is none. */
  readonly query: string;
}

/**
 * Undefined for what nothing here could be the address of.
 *
 * @throws Problem `invalid-request` for what is too long to be one.
 */
export function parseTarget(raw: string): Target | undefined {
  if (raw.length > MAX_TARGET_LENGTH) {
    throw new Problem('invalid-request', { request: { target: 'path' } });
  }
  const mark = raw.indexOf('?');
  const path = mark === -1 ? raw : raw.slice(0, mark);
  if (!PATH.test(path)) return undefined;
  return { path, query: mark === -1 ? '' : raw.slice(mark + 1) };
}

/**
 * Slashes and backslashes would make another path of an id, and a percent sign another id, for
 * whoever on the way decodes once too often. Control characters end strings and lines.
 */
const FORBIDDEN_IN_IDS = /[/\\%]|\p{Cc}/u;

/**
 * One part of a document's path: decoded once, judged as the id it stands for, and encoded again,
 * so that what leaves is exactly what was judged. A colon leaves as `%3A`: it can be part of an id
 * (`tiki:42`) but never become the beginning of a method's name.
 *
 * @throws Problem `invalid-request`
 */
export function pathSegment(raw: string): string {
  const id = percentDecoded(raw);
  if (id === undefined || id === '.' || id === '..' || FORBIDDEN_IN_IDS.test(id)) {
    throw new Problem('invalid-request', { request: { target: 'path' } });
  }
  return encodeURIComponent(id);
}

/** Names of query parameters. */
export interface QueryParameters {
  readonly once: readonly string[];
  readonly repeated: readonly string[];
}

/** Clients of Firebase send it with every call. */
const API_KEY = 'key';

/** What is passed on of a query, and the API key that came with it, which is not. */
export interface Query {
  /** `name=value`, encoded. */
  readonly pairs: string[];
  /** Decoded. Not a secret: every client of a project has it. */
  readonly apiKey: string | undefined;
}

/**
 * Reads a query against a list of names and writes it anew: what is not on the list is refused, for
 * Google's endpoints know parameters that change everything (`$httpMethod`, `access_token`,
 * `callback`). The caller's API key is set apart: it names the project whose users are meant, so
 * that it counts only where the server has none of its own.
 *
 * @throws Problem `invalid-request`
 */
export function readQuery(raw: string, { once, repeated }: QueryParameters): Query {
  const pairs: string[] = [];
  let apiKey: string | undefined;
  const seen = new Set<string>();
  for (const part of raw === '' ? [] : raw.split('&')) {
    const name = part.replace(/=.*$/, '');
    // A form's way to write a space.
    const value = percentDecoded(part.slice(name.length + 1).replaceAll('+', ' '));
    const known = name === API_KEY || once.includes(name) || repeated.includes(name);
    if (!known || value === undefined || (seen.has(name) && !repeated.includes(name))) {
      throw new Problem('invalid-request', { request: { target: 'query' } });
    }
    seen.add(name);
    if (name === API_KEY) apiKey = value;
    else pairs.push(`${name}=${encodeURIComponent(value)}`);
  }
  return { pairs, apiKey };
}
