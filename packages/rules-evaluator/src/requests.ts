import type { Method, RulesRequest } from './decide';
import { fromJs, mapFromJs, type RulesMap, type Value } from './values';

/** A signed-in user as seen by rules: the uid and the ID token's claims. */
export interface Auth {
  readonly uid: string;
  readonly token: Readonly<Record<string, unknown>>;
}

/** JSON and Date. Whole numbers are ints, others floats. */
export type Fields = Readonly<Record<string, unknown>>;

interface RequestBasics {
  readonly method: Method;
  readonly auth: Auth | null;
  /** The time of the request, `request.time`. */
  readonly time: Date;
  /** Firestore documents for lookups, by path (`entitlements/tiki:1`). */
  readonly documents: (path: string) => Fields | undefined;
}

export interface FirestoreRequest extends RequestBasics {
  /** A document, or for `list` a collection: `users/tiki:1`, `users`. */
  readonly path: string;
  /** The stored document; for `list`, the fields that the query filters with `==`. */
  readonly stored: Fields | null;
  /** The whole document after `create` or `update`. */
  readonly incoming: Fields | null;
}

export interface StorageRequest extends RequestBasics {
  readonly bucket: string;
  /** The object's name; for `list`, the prefix without its trailing slash. */
  readonly path: string;
  /** The stored object's metadata, e.g. `{size, contentType}`. */
  readonly stored: Fields | null;
  /** The object's metadata after `create` or `update`. */
  readonly incoming: Fields | null;
}

/** Adds placeholders for fields that a real request has but the caller did not provide. */
function withGaps(of: string, names: readonly string[], given: RulesMap = new Map()): RulesMap {
  const gaps = names.map((name) => [name, { notGiven: `${of}.${name}` }] as const);
  return new Map<string, Value>([...gaps, ...given]);
}

const CLAIMS = ['iss', 'aud', 'iat', 'exp', 'auth_time', 'user_id', 'firebase'];

function requestMap(of: RequestBasics, gaps: readonly string[], more: RulesMap): RulesMap {
  const auth =
    of.auth &&
    new Map<string, Value>([
      ['uid', of.auth.uid],
      [
        'token',
        withGaps('request.auth.token', CLAIMS, mapFromJs({ sub: of.auth.uid, ...of.auth.token })),
      ],
    ]);
  const basics: RulesMap = new Map<string, Value>([
    ['auth', auth],
    ['method', of.method],
    ['time', fromJs(of.time)],
    ...more,
  ]);
  return withGaps('request', gaps, basics);
}

const lookUp =
  (documents: RequestBasics['documents']) =>
  (path: string): RulesMap | undefined => {
    const fields = documents(path);
    return fields && mapFromJs(fields);
  };

const isWrite = (method: Method): boolean => ['create', 'update', 'delete'].includes(method);

/** A request to Firestore's `(default)` database. */
export function firestoreRequest(of: FirestoreRequest): RulesRequest {
  const inside = of.path.split('/');
  const path = ['databases', '(default)', 'documents', ...inside];
  const document = (fields: Fields): RulesMap =>
    new Map<string, Value>([
      ['data', mapFromJs(fields)],
      // A list has no single document: in the engine its id is a missing field.
      ...(of.method === 'list'
        ? []
        : ([
            ['id', inside.at(-1) ?? ''],
            ['__name__', { segments: path }],
          ] as const)),
    ]);
  // Reads have no request.resource; for a delete it is null.
  const incoming: RulesMap = isWrite(of.method)
    ? new Map([['resource', of.incoming && document(of.incoming)]])
    : new Map();
  return {
    method: of.method,
    path: of.method === 'list' ? [...path, undefined] : path,
    variables: new Map<string, Value>([
      ['request', requestMap(of, of.method === 'list' ? ['path', 'query'] : ['path'], incoming)],
      ['resource', of.stored && document(of.stored)],
    ]),
    documents: { prefix: '', read: lookUp(of.documents) },
  };
}

const METADATA = [
  ...['name', 'bucket', 'generation', 'metageneration', 'size', 'timeCreated', 'updated'],
  ...['md5Hash', 'crc32c', 'etag', 'contentDisposition', 'contentEncoding', 'contentLanguage'],
  ...['contentType', 'metadata'],
];

/** A request to a Cloud Storage bucket. */
export function storageRequest(of: StorageRequest): RulesRequest {
  const object = (name: string, fields: Fields | null): Value =>
    fields && withGaps(name, METADATA, mapFromJs(fields));
  const incoming: RulesMap = new Map([['resource', object('request.resource', of.incoming)]]);
  return {
    method: of.method,
    path: ['b', of.bucket, 'o', ...of.path.split('/').filter((segment) => segment !== '')],
    variables: new Map<string, Value>([
      ['request', requestMap(of, ['path', 'params'], incoming)],
      ['resource', object('resource', of.stored)],
    ]),
    documents: { prefix: 'firestore.', read: lookUp(of.documents) },
  };
}
