import { createHash, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { decide } from '@tiki-bridge/rules-evaluator/decide';
import { storageRequest } from '@tiki-bridge/rules-evaluator/requests';
import type { Ruleset } from '@tiki-bridge/rules-evaluator/ruleset';
import { parseRelated } from './multipart-related';

/** A stored file. */
export interface StoredObject {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  readonly downloadToken: string;
  readonly generation: string;
  readonly timeCreated: string;
}

/** A request as it arrived, and what was answered: a status, or that it broke off. */
export interface StorageCall {
  readonly method: string;
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly outcome: number | 'broken off';
}

export interface StorageFake {
  /** `127.0.0.1:<port>`, the form of FIREBASE_STORAGE_EMULATOR_HOST. */
  readonly host: string;
  /** By `<bucket>/<name>`. */
  readonly files: ReadonlyMap<string, StoredObject>;
  readonly calls: readonly StorageCall[];
  /** Connections that are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

type Claims = Readonly<Record<string, unknown>>;

interface Reply {
  readonly status: number;
  readonly body: Buffer | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As Google answers; without a `status`, unlike Firestore. */
const error = (code: number, message: string): Reply => ({
  status: code,
  body: { error: { code, message } },
});
const BAD_REQUEST = error(400, 'Bad Request. Could not create object');
const FORBIDDEN = error(403, 'Permission denied.');
const NOT_FOUND = error(404, 'Not Found.');
const UNAUTHENTICATED = error(401, 'Unauthenticated. Please authenticate and try again.');

/** What Firebase's SDK sends with an upload, besides what belongs to HTTP. */
const KNOWN_HEADERS = new Set([
  ...['host', 'connection', 'accept', 'accept-encoding', 'transfer-encoding', 'content-length'],
  ...['content-type', 'authorization', 'x-goog-upload-protocol', 'x-firebase-appcheck'],
  ...['x-firebase-storage-version', 'x-firebase-gmpid'],
  // Of `fetch` in Node.
  ...['user-agent', 'accept-language', 'sec-fetch-mode'],
]);

/** Fields of an object resource that a client may set in an upload. */
const WRITABLE = new Set(['name', 'contentType', 'cacheControl']);

/** @throws for anything but an unexpired ID token of the project; its signature is not verified. */
function claimsOf(token: string, projectId: string): Claims {
  const claims = JSON.parse(
    Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
  ) as Claims;
  const isOurs =
    claims['aud'] === projectId &&
    claims['iss'] === `https://securetoken.google.com/${projectId}` &&
    typeof claims['sub'] === 'string' &&
    (claims['exp'] === undefined || Number(claims['exp']) * 1000 > Date.now());
  if (!isOurs) throw new Error('not an ID token of this project');
  return claims;
}

function resourceOf(bucket: string, name: string, file: StoredObject): object {
  const { bytes, contentType, cacheControl, generation, timeCreated, downloadToken } = file;
  return {
    name,
    bucket,
    generation,
    metageneration: '1',
    contentType,
    ...(cacheControl !== undefined && { cacheControl }),
    timeCreated,
    updated: timeCreated,
    storageClass: 'STANDARD',
    size: String(bytes.length),
    md5Hash: createHash('md5').update(bytes).digest('base64'),
    contentEncoding: 'identity',
    contentDisposition: `inline; filename*=utf-8''${encodeURIComponent(name.replace(/.*\//, ''))}`,
    downloadTokens: downloadToken,
  };
}

/**
 * A fake of Cloud Storage for Firebase (`firebasestorage.googleapis.com/v0`) on loopback: uploads as
 * Firebase's SDK sends them, metadata with download tokens, and downloads by token. `rules` decide,
 * through the project's own evaluator. It is strict: a request that the SDK would not send in this
 * form is refused. Google's own emulator needs Java and a download.
 *
 * The REST API is not documented; its requests and answers are those of `@firebase/storage` and of
 * the open part of the Storage emulator in `firebase-tools`.
 */
export async function startStorage(options: {
  readonly projectId: string;
  readonly buckets: readonly string[];
  /** A storage.rules file; parsing it takes half a second. */
  readonly rules: Ruleset;
  /** Called when the headers of an upload have arrived; its body is read when this resolves. */
  readonly hold?: () => Promise<unknown>;
}): Promise<StorageFake> {
  const { projectId, buckets, rules, hold } = options;
  const files = new Map<string, StoredObject>();
  const calls: StorageCall[] = [];
  let generations = 0;

  const allows = (
    method: 'get' | 'create' | 'update',
    bucket: string,
    name: string,
    claims: Claims | undefined,
    incoming: object | null,
  ): boolean => {
    const stored = files.get(`${bucket}/${name}`);
    const request = storageRequest({
      method,
      bucket,
      path: name,
      auth: claims ? { uid: String(claims['sub']), token: claims } : null,
      time: new Date(),
      stored: stored ? { size: stored.bytes.length, contentType: stored.contentType } : null,
      incoming: incoming && { ...incoming },
      documents: () => undefined,
    });
    return decide(rules, request).allowed;
  };

  function upload(
    request: http.IncomingMessage,
    body: Buffer,
    bucket: string,
    name: string,
    claims: Claims | undefined,
  ): Reply {
    const parts = parseRelated(request.headers['content-type'], body);
    if (request.headers['x-goog-upload-protocol'] !== 'multipart' || !parts) return BAD_REQUEST;
    const { metadata, type, bytes } = parts;
    const isKnown = Object.keys(metadata).every((field) => WRITABLE.has(field));
    const { contentType, cacheControl } = metadata;
    if (!isKnown || metadata['name'] !== name || contentType !== type) return BAD_REQUEST;
    const key = `${bucket}/${name}`;
    const method = files.has(key) ? 'update' : 'create';
    const incoming = { size: bytes.length, contentType: type };
    if (!allows(method, bucket, name, claims, incoming)) return FORBIDDEN;
    generations += 1;
    const file: StoredObject = {
      bytes,
      contentType: type,
      cacheControl: typeof cacheControl === 'string' ? cacheControl : undefined,
      downloadToken: randomUUID(),
      generation: String(Date.now() * 1000 + generations),
      timeCreated: new Date().toISOString(),
    };
    files.set(key, file);
    return { status: 200, body: resourceOf(bucket, name, file) };
  }

  function read(url: URL, bucket: string, name: string, claims: Claims | undefined): Reply {
    const file = files.get(`${bucket}/${name}`);
    const token = url.searchParams.get('token');
    const isByToken = file !== undefined && token === file.downloadToken;
    if (!isByToken && !allows('get', bucket, name, claims, null)) return FORBIDDEN;
    if (!file) return NOT_FOUND;
    if (url.searchParams.get('alt') !== 'media') {
      return { status: 200, body: resourceOf(bucket, name, file) };
    }
    return { status: 200, body: file.bytes, headers: { 'Content-Type': file.contentType } };
  }

  function answer(request: http.IncomingMessage, body: Buffer): Reply {
    const unknown = Object.keys(request.headers).filter((name) => !KNOWN_HEADERS.has(name));
    if (request.method === 'POST' && unknown.length > 0) return BAD_REQUEST;
    const url = new URL(request.url ?? '/', 'http://storage');
    const [, bucket = '', encoded = ''] =
      /^\/v0\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (!buckets.includes(bucket)) return NOT_FOUND;
    const { authorization } = request.headers;
    let claims: Claims | undefined;
    try {
      const [scheme, token = ''] = authorization?.split(' ') ?? [];
      // `Bearer` with an access token of Google bypasses rules; the fake has no such tokens.
      if (scheme !== undefined && scheme !== 'Firebase') return UNAUTHENTICATED;
      if (scheme !== undefined) claims = claimsOf(token, projectId);
    } catch {
      return UNAUTHENTICATED;
    }
    const given = [...url.searchParams.keys()];
    if (request.method === 'POST' && encoded === '') {
      const name = url.searchParams.get('name') ?? '';
      if (given.join() !== 'name' || name === '') return BAD_REQUEST;
      return upload(request, body, bucket, name, claims);
    }
    if (request.method === 'GET' && encoded !== '') {
      if (given.some((name) => name !== 'alt' && name !== 'token')) return BAD_REQUEST;
      return read(url, bucket, decodeURIComponent(encoded), claims);
    }
    return error(405, 'Method Not Allowed');
  }

  async function serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const { method = '', url = '', headers } = request;
    await hold?.();
    const body = await buffer(request).catch(() => undefined);
    const reply = body && answer(request, body);
    calls.push({ method, target: url, headers, outcome: reply?.status ?? 'broken off' });
    if (!reply) return;
    const isBytes = Buffer.isBuffer(reply.body);
    response.writeHead(reply.status, {
      'Content-Type': 'application/json; charset=UTF-8',
      ...reply.headers,
    });
    response.end(isBytes ? reply.body : JSON.stringify(reply.body));
  }

  const server = http.createServer((request, response) => {
    serve(request, response).catch((failure: unknown) => {
      // A gap in the rules evaluator, say. No 5xx: Firebase's SDK would retry it for ten minutes.
      response.writeHead(400).end(String(failure));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    files,
    calls,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((failure, count) => {
          if (failure) reject(failure);
          else resolve(count);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
