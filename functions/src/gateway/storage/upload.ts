import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import type { IncomingRequest } from '../../http/request';
import type { Outcome, RequestInProgress } from '../../http/serve';
import { Problem } from '../../problem';
import type { KeptAliveSockets } from '../../upstream/http-client';
import type { Asking } from '../circuit-breakers';
import { ask, readAnswer, type UpstreamCall } from '../forward';
import { answerHeaders } from '../headers';
import type { StoredFile } from './file';
import { receiveFile, type IncomingFile } from './form';
import { isUploadable } from './media-type';

/** What a query may say about the file; the type of the form's part is a guess of the runtime. */
export const METADATA = ['contentType', 'cacheControl'] as const;

/** Directives of RFC 9111, such as `public,max-age=3600`. */
const CACHE_CONTROL = /^[a-z0-9=, -]{1,100}$/;

/** The fields of an object resource that are set. */
interface Metadata {
  readonly name: string;
  readonly contentType: string;
  readonly cacheControl?: string;
}

/** @throws Problem `unsupported-media-type`, `invalid-request` */
function metadataOf(name: string, given: ReadonlyMap<string, string>, type: string): Metadata {
  const contentType = given.get('contentType') ?? type;
  const cacheControl = given.get('cacheControl');
  if (!isUploadable(contentType)) {
    throw new Problem('unsupported-media-type', { request: { body: 'not-uploadable' } });
  }
  if (cacheControl !== undefined && !CACHE_CONTROL.test(cacheControl)) {
    throw new Problem('invalid-request', { request: { target: 'query' } });
  }
  return { name, contentType, ...(cacheControl !== undefined && { cacheControl }) };
}

/** The two parts of `multipart/related`, as Firebase's SDK sends them. The end comes last of all. */
async function* related(
  boundary: string,
  metadata: Metadata,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(
    `--${boundary}\r\nContent-Type: application/json; charset=utf-8\r\n\r\n` +
      `${JSON.stringify(metadata)}\r\n--${boundary}\r\nContent-Type: ${metadata.contentType}\r\n\r\n`,
  );
  yield* chunks;
  yield Buffer.from(`\r\n--${boundary}--`);
}

/** How far an upload is. */
interface Progress {
  /** Google takes no more for now. */
  isSending: boolean;
  /** The form has arrived. */
  isWhole: boolean;
}

/** Node's `pipeline` would replace the chunks' error with that of a broken connection. */
async function writeAll(
  chunks: AsyncIterable<Buffer>,
  outgoing: ClientRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of chunks) {
    if (outgoing.write(chunk)) continue;
    progress.isSending = true;
    await once(outgoing, 'drain', { signal });
    progress.isSending = false;
  }
  outgoing.end();
}

export interface Upload {
  readonly to: StoredFile;
  /** Decoded values of the query; names in `METADATA`. */
  readonly given: ReadonlyMap<string, string>;
  readonly base: URL;
  /** With the user's ID token. */
  readonly headers: Readonly<Record<string, string>>;
  /** For the circuit breaker. */
  readonly caller: string;
}

export interface UploadEffects {
  readonly asking: Asking;
  readonly sockets: KeptAliveSockets;
  /** Milliseconds for Google's answer, once it has the file. */
  readonly timeoutMs: number;
  /** Milliseconds for the form. */
  readonly receiveMs: number;
}

/**
 * Passes the one file of a form on to Cloud Storage for Firebase as it arrives. Google receives the
 * end of the body only when the whole form has arrived and was right; of anything else it sees a
 * request that breaks off, and stores nothing.
 *
 * @see https://firebase.google.com/docs/storage/web/upload-files, whose SDK's request this is
 * @throws Problem
 */
export async function upload(
  { to, given, base, headers, caller }: Upload,
  request: IncomingRequest,
  { asking, sockets, timeoutMs, receiveMs }: UploadEffects,
  whenGone: RequestInProgress['whenGone'],
): Promise<Outcome> {
  const over = new AbortController();
  const signal = AbortSignal.any([whenGone(), over.signal]);
  const progress: Progress = { isSending: false, isWhole: false };
  const timeUp = (): void => {
    over.abort(
      progress.isWhole || progress.isSending
        ? new Problem('upstream-timeout')
        : new Problem('invalid-request', { request: { body: 'incomplete' } }),
    );
  };
  let timer = setTimeout(timeUp, receiveMs);

  function callFor(file: IncomingFile): UpstreamCall {
    const metadata = metadataOf(to.name, given, file.type);
    const boundary = randomUUID();
    return {
      upstream: 'storage',
      base,
      path: `/v0/b/${to.bucket}/o?name=${encodeURIComponent(to.name)}`,
      method: 'POST',
      headers: {
        ...headers,
        'X-Goog-Upload-Protocol': 'multipart',
        'Content-Type': `multipart/related; boundary=${boundary}`,
      },
      body: (outgoing) =>
        writeAll(related(boundary, metadata, file.chunks), outgoing, progress, signal),
    };
  }

  try {
    const file = await receiveFile(request, signal);
    const call = callFor(file);
    file.whole.then(
      () => {
        progress.isWhole = true;
        clearTimeout(timer);
        timer = setTimeout(timeUp, timeoutMs);
      },
      () => undefined,
    );
    const {
      status,
      headers: answered,
      body,
    } = await asking('storage', caller, () => ask(call, sockets, signal));
    if (status < 400 && !progress.isWhole) {
      const cause = 'Google answered an upload with success before it had the whole file';
      throw new Problem('upstream-bad-response', { operator: { cause } });
    }
    const text = await readAnswer(body, signal);
    return { answer: { status, headers: answerHeaders(status, answered), body: text } };
  } finally {
    clearTimeout(timer);
    // Nothing more is received or sent: both connections are given up where they are still busy.
    if (!progress.isWhole) over.abort(new Problem('internal'));
  }
}
