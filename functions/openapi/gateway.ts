import {
  ON_COLLECTION,
  ON_DATABASE,
  ON_DOCUMENT,
  QUERIES,
  type Place,
} from '../src/gateway/places';
import { METADATA } from '../src/gateway/storage/upload';
import type { QueryParameters } from '../src/gateway/target';
import type { ProblemCode } from '../src/problem';
import {
  BY_ID_TOKEN,
  type Operation,
  operation,
  parameter,
  type Part,
  type Paths,
} from './operation';
import { ROOT_OF_SITE } from './servers';

const PROBLEMS: readonly ProblemCode[] = [
  'invalid-request',
  'unauthenticated',
  'not-found',
  'upstream-bad-response',
  'upstream-unavailable',
  'upstream-timeout',
];
const WITH_BODY: readonly ProblemCode[] = ['payload-too-large', 'unsupported-media-type'];

const GOOGLES = { 'application/json': {} };
const NONE: QueryParameters = { once: [], repeated: [] };
const JSON_BODY = { required: true, content: { 'application/json': { schema: {} } } };

/** Of a query, as the gateway passes them on. */
function queryOf({ once, repeated }: QueryParameters): Part[] {
  const of = (names: readonly string[], schema: object) =>
    names.map((name) => ({ name, in: 'query', schema }));
  return [
    ...of(once, { type: 'string' }),
    ...of(repeated, { type: 'array', items: { type: 'string' } }),
  ];
}

interface Forwarded {
  readonly id: string;
  readonly summary: string;
  /** Google's reference of the call. */
  readonly see: string;
  readonly security?: readonly Part[];
  readonly parameters?: readonly Part[];
  readonly body?: Part;
}

function forwarded({ id, summary, see, body, parameters = [], security }: Forwarded): Operation {
  return {
    ...operation({
      id,
      tag: 'Gateway',
      summary,
      ...(security && { security }),
      parameters: [...parameters, parameter('key')],
      ...(body && { body }),
      answers: { default: { description: "Google's own answer, unchanged", content: GOOGLES } },
      problems: body ? [...PROBLEMS, ...WITH_BODY] : PROBLEMS,
      ofGateway: true,
      passedOn: GOOGLES,
    }),
    externalDocs: { url: see },
  };
}

const IDENTITY = 'https://docs.cloud.google.com/identity-platform/docs/reference/rest/v1/accounts';
const FIRESTORE =
  'https://docs.cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.documents';
const DOCUMENTS = '/firestore/v1/projects/{project}/databases/(default)/documents';

/** The parameters that a method takes, on a document or on a collection. */
const parametersOn = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  ...places: Place['operations'][]
) => {
  const all = places.flatMap((operations) => queryOf(operations[method]?.parameters ?? NONE));
  return [...new Map(all.map((each) => [each['name'], each])).values()];
};

const onDocuments = (
  method: Parameters<typeof parametersOn>[0],
  id: string,
  summary: string,
): Operation =>
  forwarded({
    id,
    summary,
    see: FIRESTORE,
    security: [{}, BY_ID_TOKEN],
    parameters: [
      parameter('project'),
      parameter('documentPath'),
      ...parametersOn(method, ON_DOCUMENT, ON_COLLECTION),
    ],
    ...(method === 'POST' || method === 'PATCH' ? { body: JSON_BODY } : {}),
  });

const customMethod = (names: readonly string[]): Part => ({
  name: 'method',
  in: 'path',
  required: true,
  schema: { type: 'string', enum: names },
  example: names[0],
});

export const gatewayPaths: Paths = {
  '/identitytoolkit/v1/accounts:signInWithCustomToken': {
    post: forwarded({
      id: 'signInWithCustomToken',
      summary: 'Sign in with a custom token',
      see: `${IDENTITY}/signInWithCustomToken`,
      body: JSON_BODY,
    }),
  },
  '/identitytoolkit/v1/accounts:lookup': {
    post: forwarded({
      id: 'lookUpAccount',
      summary: 'Read the account of an ID token',
      see: `${IDENTITY}/lookup`,
      body: JSON_BODY,
    }),
  },
  '/securetoken/v1/token': {
    post: forwarded({
      id: 'refreshIdToken',
      summary: 'Get a new ID token',
      see: 'https://firebase.google.com/docs/reference/rest/auth#section-refresh-token',
      body: {
        required: true,
        content: {
          'application/json': { schema: {} },
          'application/x-www-form-urlencoded': { schema: {} },
        },
      },
    }),
  },
  [`${DOCUMENTS}/{path}`]: {
    get: onDocuments('GET', 'readDocuments', 'Read a document, or list a collection'),
    post: onDocuments('POST', 'createDocument', 'Add a document to a collection'),
    patch: onDocuments('PATCH', 'writeDocument', 'Write a document'),
    delete: onDocuments('DELETE', 'deleteDocument', 'Delete a document'),
  },
  [`${DOCUMENTS}:{method}`]: {
    post: forwarded({
      id: 'callDatabase',
      summary: 'Query, read or write several documents',
      see: FIRESTORE,
      security: [{}, BY_ID_TOKEN],
      parameters: [parameter('project'), customMethod(ON_DATABASE)],
      body: JSON_BODY,
    }),
  },
  [`${DOCUMENTS}/{path}:{method}`]: {
    post: forwarded({
      id: 'queryBelow',
      summary: 'Query the collections below a document',
      see: FIRESTORE,
      security: [{}, BY_ID_TOKEN],
      parameters: [parameter('project'), parameter('documentPath'), customMethod(QUERIES)],
      body: JSON_BODY,
    }),
  },
  '/storage/v0/b/{bucket}/o/{name}': {
    get: forwarded({
      id: 'readFileMetadata',
      summary: 'Read what is known about a file, with its download token',
      see: 'https://firebase.google.com/docs/storage/web/file-metadata',
      security: [{}, BY_ID_TOKEN],
      parameters: [parameter('bucket'), parameter('fileName')],
    }),
    post: forwarded({
      id: 'uploadFile',
      summary: 'Upload a file, at most 10 MiB',
      see: 'https://firebase.google.com/docs/storage/web/upload-files',
      security: [BY_ID_TOKEN],
      parameters: [
        parameter('bucket'),
        parameter('fileName'),
        ...queryOf({ once: METADATA, repeated: [] }),
      ],
      body: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: { type: 'object', properties: { file: {} } },
          },
        },
      },
    }),
  },
  '/tiki-validation-code/{code}/auth.txt': {
    get: operation({
      id: 'readValidationFile',
      tag: 'Gateway',
      summary: 'For Tini Console: proves that the domain is yours',
      servers: ROOT_OF_SITE,
      parameters: [parameter('validationCode')],
      answers: {
        200: {
          description: 'The content that Tini Console showed',
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
      },
      problems: ['not-found'],
      ofGateway: true,
    }),
  },
};
