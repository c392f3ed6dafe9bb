import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { onRequest } from 'firebase-functions/https';
import type { LogEntry } from 'firebase-functions/logger';
import { createGateway } from '../../../src/gateway/gateway';
import { answerWith } from '../../../src/server/take-over';
import { listening, startUpstream, type Upstream } from './upstream';

export const PROJECT = 'demo-tiki-bridge';
/** The root of the documents that the gateway serves. */
export const DOCUMENTS = `/firestore/v1/projects/${PROJECT}/databases/(default)/documents`;
/** The same at Google. */
export const UPSTREAM_DOCUMENTS = DOCUMENTS.replace('/firestore', '');
/** Recognizable: only Google's two Auth services may see it. */
export const API_KEY = 'canary-web-api-key';
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An unsigned JWT with this payload. */
export const tokenOf = (payload: unknown) =>
  `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}.canary-signature`;

/** Claims to be of this project; only Firestore verifies that. */
export const ID_TOKEN = tokenOf({
  iss: `https://securetoken.google.com/${PROJECT}`,
  aud: PROJECT,
  sub: 'tiki:7',
});

export interface TestGateway {
  readonly origin: string;
  /** Stands in for Firestore. */
  readonly firestore: Upstream;
  /** Stands in for Identity Toolkit and Secure Token. */
  readonly auth: Upstream;
  readonly entries: readonly LogEntry[];
  /** Resolves with the next log entry. */
  nextEntry(): Promise<LogEntry>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** POSTs JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

let started = 0;

/** The product's handler on a real socket behind functions-framework. */
export async function startTestGateway(
  options: NonNullable<Parameters<typeof createGateway>[1]> & {
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<TestGateway> {
  const { env, ...effects } = options;
  const entries: LogEntry[] = [];
  const waiting: ((entry: LogEntry) => void)[] = [];
  const [firestore, auth] = await Promise.all([startUpstream(), startUpstream()]);
  const handler = createGateway(
    {
      GCLOUD_PROJECT: PROJECT,
      WEB_API_KEY: API_KEY,
      FIRESTORE_EMULATOR_HOST: firestore.host,
      FIREBASE_AUTH_EMULATOR_HOST: auth.host,
      ...env,
    },
    {
      ...effects,
      log: (entry) => {
        entries.push(entry);
        waiting.splice(0).forEach((resolve) => {
          resolve(entry);
        });
      },
    },
  );
  const name = `gateway-${(started += 1)}`;
  http(name, onRequest({ cors: false }, handler) as Parameters<typeof http>[1]);
  const server = getTestServer(name);
  // As the seam of the deployed entry does with the framework's server.
  answerWith(server, handler);
  const origin = `http://${await listening(server)}`;
  const fetchPath = (path: string, init: RequestInit = {}) => fetch(origin + path, init);
  return {
    origin,
    firestore,
    auth,
    entries,
    nextEntry: () => new Promise((resolve) => waiting.push(resolve)),
    fetch: fetchPath,
    post: (path, body, headers = {}) =>
      fetchPath(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', ...headers },
      }),
    close: async () => {
      server.closeAllConnections();
      await Promise.all([
        new Promise((resolve) => server.close(resolve)),
        firestore.close(),
        auth.close(),
      ]);
    },
  };
}

/** Status and code of one of the gateway's own problems. */
export async function problemOf(response: Response): Promise<readonly [number, unknown]> {
  const body = (await response.json()) as { readonly code?: unknown };
  return [response.status, body.code];
}
