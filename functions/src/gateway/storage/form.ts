// @fastify/busboy reads multipart: it streams, honours back-pressure and bounds parts and headers.
// firebase-admin has it installed already.
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { stopReceiving } from '../../http/body';
import { header, type IncomingRequest } from '../../http/request';
import { Problem, type BodyFault } from '../../problem';

export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** A form is this much longer at most: delimiters, headers, and fields, which are ignored. */
const MAX_OVERHEAD_BYTES = 64 * 1024;
const MAX_FORM_BYTES = MAX_FILE_BYTES + MAX_OVERHEAD_BYTES;

/**
 * Chunks of a few bytes cost more memory than they carry. This many are accepted, and beyond that one
 * for every 64 bytes; a TCP segment has at least 536.
 */
const MAX_SMALL_CHUNKS = 2_000;
const MIN_CHUNK_BYTES = 64;

const LIMITS = {
  files: 1,
  fileSize: MAX_FILE_BYTES,
  fields: 8,
  fieldSize: 4 * 1024,
  parts: 12,
  headerPairs: 16,
  headerSize: 8 * 1024,
} as const;
/** As much as waits inside the parser while Google takes no more. */
const BUFFERED_BYTES = 16 * 1024;

/** A file on its way in. */
export interface IncomingFile {
  /** The media type that its part declares, in lower case. */
  readonly type: string;
  /** Ends after the last byte only when the whole form is right; else throws a Problem. */
  readonly chunks: AsyncGenerator<Buffer>;
  /** Settles when the form has arrived, or has turned out not to be right. */
  readonly whole: Promise<void>;
}

const bad = (body: BodyFault): Problem => new Problem('invalid-request', { request: { body } });
const tooLarge = (): Problem =>
  new Problem('payload-too-large', { request: { maxBytes: MAX_FILE_BYTES } });

/** @throws Problem `payload-too-large`, `unsupported-media-type`, `invalid-request` */
function openForm(request: IncomingRequest): BusboyInstance {
  const type = header(request, 'content-type') ?? '';
  const encoding = header(request, 'content-encoding') ?? 'identity';
  if (Number(header(request, 'content-length') ?? 0) > MAX_FORM_BYTES) throw tooLarge();
  if (!/^multipart\/form-data *;/i.test(type) || encoding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported-media-type', { request: { body: 'not-one-file' } });
  }
  try {
    return new Busboy({
      headers: { 'content-type': type },
      limits: LIMITS,
      highWaterMark: BUFFERED_BYTES,
      fileHwm: BUFFERED_BYTES,
    });
  } catch {
    // No boundary, or one that is too long.
    throw bad('not-one-file');
  }
}

/** Hands the body to the form, no faster than it is read. Returns what ends that. */
function feed(
  request: IncomingRequest,
  form: BusboyInstance,
  refuse: (why: Problem) => void,
): () => void {
  let bytes = 0;
  let chunks = 0;
  let isOver = false;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    chunks += 1;
    const isTiny = chunks > MAX_SMALL_CHUNKS + bytes / MIN_CHUNK_BYTES;
    if (bytes > MAX_FORM_BYTES || isTiny) {
      refuse(tooLarge());
    } else if (!form.write(chunk)) {
      request.pause();
      form.once('drain', () => {
        if (!isOver) request.resume();
      });
    }
  };
  const finish = (): void => void form.end();
  const giveUp = (): void => {
    if (!request.complete) refuse(bad('incomplete'));
  };
  const { rawBody } = request;
  if (rawBody) {
    // As the emulator hands it over; bounded by its framework.
    if (rawBody.length > MAX_FORM_BYTES) refuse(tooLarge());
    // Later: `end` emits `file` at once, and `receiveFile` is still being set up.
    else queueMicrotask(() => form.end(rawBody));
    return () => undefined;
  }
  request.on('data', take).on('end', finish).on('close', giveUp).on('error', giveUp);
  if (request.destroyed) giveUp();
  return () => {
    isOver = true;
    request.off('data', take).off('end', finish).off('close', giveUp);
    // A small rest is read and discarded, so that the connection can be used again.
    request.resume();
    stopReceiving(request);
  };
}

/** @param whole Rejects with the reason when the stream is cut off. */
async function* chunksOf(file: BusboyFileStream, whole: Promise<void>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of file) yield chunk as Buffer;
  } finally {
    await whole;
  }
}

/**
 * Reads a form up to its file, which is then streamed. A form that has no file, a second one, or too
 * much of anything is refused whenever that shows, also after the file.
 *
 * @param signal Ends it, with its reason as the error.
 * @throws Problem `invalid-request`, `payload-too-large`, `unsupported-media-type`
 */
export async function receiveFile(
  request: IncomingRequest,
  signal: AbortSignal,
): Promise<IncomingFile> {
  const form = openForm(request);
  return new Promise((resolve, reject) => {
    let file: BusboyFileStream | undefined;
    const whole = new Promise<void>((arrived, broken) => {
      let stop = (): void => undefined;
      let isOver = false;
      // A Problem, or ClientGone.
      const reason = (): Error => signal.reason as Error;
      const refuse = (why: Error): void => {
        if (isOver) return;
        isOver = true;
        stop();
        // Before the file's end, which is waited for.
        broken(why);
        reject(why);
        file?.destroy();
        form.destroy();
      };
      form.on('file', (_field, stream, _name, encoding, type) => {
        file = stream;
        // Reported by the form as well.
        stream.on('error', () => undefined);
        stream.once('limit', () => {
          refuse(tooLarge());
        });
        if (!/^(?:7bit|8bit|binary)$/.test(encoding)) refuse(bad('not-one-file'));
        resolve({ type, chunks: chunksOf(stream, whole), whole });
      });
      for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit']) {
        form.once(event, () => {
          refuse(bad('not-one-file'));
        });
      }
      form.on('error', () => {
        refuse(bad('incomplete'));
      });
      form.once('finish', () => {
        if (!file) refuse(bad('not-one-file'));
        isOver = true;
        arrived();
      });
      signal.addEventListener('abort', () => {
        refuse(reason());
      });
      if (signal.aborted) refuse(reason());
      else stop = feed(request, form, refuse);
    });
    // Awaited where the file is read; before that, `reject` has reported it.
    whole.catch(() => undefined);
  });
}
