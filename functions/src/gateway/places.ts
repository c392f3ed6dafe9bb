import type { MediaType } from '../http/body';
import type { Method } from '../http/serve';
import { pathSegment, type QueryParameters } from './target';
import type { UpstreamName } from '../google/upstreams';

/** One call that is passed on. */
export interface UpstreamOperation {
  /** For the log: what is called, never on what. */
  readonly name: string;
  readonly upstream: UpstreamName;
  readonly parameters: QueryParameters;
  /** What a body may be declared as. */
  readonly types: readonly MediaType[];
}

/** A path at an upstream, and the operations that are passed on. */
export interface Place {
  /** Built here, from constants and checked ids. */
  readonly path: string;
  readonly operations: Readonly<Partial<Record<Method, UpstreamOperation>>>;
}

const NONE: QueryParameters = { once: [], repeated: [] };

/**
 * Firebase's SDK declares its JSON as text, to save browsers a preflight; `fetch` does so with any
 * string, as in smaller clients that set no type.
 */
const JSON_OR_TEXT: readonly MediaType[] = ['application/json', 'text/plain'];
const READ_AT = ['transaction', 'readTime'];
const PRECONDITION = ['currentDocument.exists', 'currentDocument.updateTime'];

function firestore(name: string, parameters: Partial<QueryParameters> = NONE): UpstreamOperation {
  return {
    name: `firestore.${name}`,
    upstream: 'firestore',
    parameters: { ...NONE, ...parameters },
    types: JSON_OR_TEXT,
  };
}

const MASK = 'mask.fieldPaths';

export const ON_DOCUMENT: Place['operations'] = {
  GET: firestore('get', { once: READ_AT, repeated: [MASK] }),
  PATCH: firestore('patch', { once: PRECONDITION, repeated: [MASK, 'updateMask.fieldPaths'] }),
  DELETE: firestore('delete', { once: PRECONDITION }),
};

export const ON_COLLECTION: Place['operations'] = {
  GET: firestore('list', {
    once: ['pageSize', 'pageToken', 'orderBy', 'showMissing', ...READ_AT],
    repeated: [MASK],
  }),
  POST: firestore('createDocument', { once: ['documentId'], repeated: [MASK] }),
};

/** Custom methods on a document, and those on the whole database. */
export const QUERIES = ['runQuery', 'runAggregationQuery'];
export const ON_DATABASE = [...QUERIES, 'batchGet', 'commit', 'beginTransaction', 'rollback'];

/** Google's custom methods follow a colon at the end: `…/documents:commit`. */
const CUSTOM_METHOD = new RegExp(`:(${ON_DATABASE.join('|')})$`);

function documentsPlace(below: string, documents: string): Place | undefined {
  const verb = CUSTOM_METHOD.exec(below)?.[1];
  const parents = verb === undefined ? below : below.slice(0, -verb.length - 1);
  if (parents !== '' && !parents.startsWith('/')) return undefined;
  const segments = parents.split('/').slice(1).map(pathSegment);
  const path = [documents, ...segments].join('/');
  const isDocument = segments.length % 2 === 0;
  if (verb !== undefined) {
    const served = segments.length === 0 ? ON_DATABASE : isDocument ? QUERIES : [];
    if (!served.includes(verb)) return undefined;
    return { path: `${path}:${verb}`, operations: { POST: firestore(verb) } };
  }
  if (segments.length === 0) return undefined;
  return { path, operations: isDocument ? ON_DOCUMENT : ON_COLLECTION };
}

function authPlace(
  path: string,
  upstream: UpstreamName,
  name: string,
  types: readonly MediaType[] = ['application/json'],
): Place {
  return { path, operations: { POST: { name, upstream, parameters: NONE, types } } };
}

const SIGN_IN = '/v1/accounts:signInWithCustomToken';
const LOOKUP = '/v1/accounts:lookup';
const TOKEN = '/v1/token';

export const AUTH_PLACES: ReadonlyMap<string, Place> = new Map([
  [
    `/identitytoolkit${SIGN_IN}`,
    authPlace(SIGN_IN, 'identityToolkit', 'identitytoolkit.signInWithCustomToken'),
  ],
  [`/identitytoolkit${LOOKUP}`, authPlace(LOOKUP, 'identityToolkit', 'identitytoolkit.lookup')],
  [
    `/securetoken${TOKEN}`,
    // A form by OAuth's rules (RFC 6749, 6), as Firebase's SDK sends it.
    authPlace(TOKEN, 'secureToken', 'securetoken.token', [
      'application/json',
      'application/x-www-form-urlencoded',
    ]),
  ],
]);

/**
 * Finds what is at a path, compared as it was sent: everything before the document ids has one
 * spelling, except for the colon in an old project's id. Only this project and its default database are served.
 *
 * @throws Problem `invalid-request` for an id that may not be passed on.
 */
export function placeAt(path: string, projectId: string): Place | undefined {
  const auth = AUTH_PLACES.get(path);
  if (auth) return auth;
  const documents = `/v1/projects/${projectId}/databases/(default)/documents`;
  // Firebase's SDK encodes the colon in `example.com:my-project`.
  const spellings = [documents, documents.replace(projectId, encodeURIComponent(projectId))];
  const prefix = spellings.map((each) => `/firestore${each}`).find((each) => path.startsWith(each));
  return prefix === undefined ? undefined : documentsPlace(path.slice(prefix.length), documents);
}
