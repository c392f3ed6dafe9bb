import type { ServerResponse } from 'node:http';
import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Answer } from './answer';
import type { Fault } from './fault';

/** Sends an answer, with the delivery fault applied. */
export function deliver(response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  switch (fault?.kind) {
    case 'latency':
      later(response, fault.ms, () => {
        send(response, answer);
      });
      return;
    case 'hang':
      return;
    case 'slow-body':
      drip(response, answer, fault.ms);
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'reset-after-headers':
      resetAfterHeaders(response, answer);
      return;
    case 'oversized':
      // No Content-Length: a client that only checks that header must still notice the size.
      response.writeHead(answer.status, answer.headers);
      pipeline(inflated(answer.body, fault.bytes), response, ignoreBrokenPipe);
      return;
    case 'gzip-bomb':
      response.writeHead(answer.status, { ...answer.headers, 'Content-Encoding': 'gzip' });
      pipeline(inflated(answer.body, fault.bytes), createGzip(), response, ignoreBrokenPipe);
      return;
    default:
      send(response, answer);
  }
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headersWithLength(answer));
  response.end(answer.body);
}

function headersWithLength({ status, headers, body }: Answer): Record<string, string> {
  // A raw answer may have its own framing, valid or not; 204 and 304 must have none.
  const framed = Object.keys(headers).some((name) =>
    ['content-length', 'transfer-encoding'].includes(name.toLowerCase()),
  );
  if (framed || status === 204 || status === 304) return headers;
  return { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
}

const DRIPS = 20;

/** Half the body at once, the rest in small pieces over `ms`. */
function drip(response: ServerResponse, answer: Answer, ms: number): void {
  const body = Buffer.from(answer.body);
  const half = Math.ceil(body.length / 2);
  const perDrip = Math.ceil((body.length - half) / DRIPS);
  response.writeHead(answer.status, headersWithLength(answer));
  response.write(body.subarray(0, half));

  const next = (sent: number) => {
    later(response, ms / DRIPS, () => {
      const end = sent + perDrip;
      if (end >= body.length) {
        response.end(body.subarray(sent));
        return;
      }
      response.write(body.subarray(sent, end));
      next(end);
    });
  };
  next(half);
}

function resetAfterHeaders(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headersWithLength(answer));
  // Reset only after the operating system has accepted the bytes, or they may be discarded.
  response.write(answer.body.slice(0, 1), () => {
    response.socket?.resetAndDestroy();
  });
}

const SPACES = Buffer.alloc(64 * 1024, ' ');

/** Pads with spaces, so that a client that truncates instead of rejecting reads valid JSON. */
function inflated(body: string, bytes: number): Readable {
  return Readable.from(
    (function* () {
      yield Buffer.from(body);
      for (let left = bytes - Buffer.byteLength(body); left > 0; left -= SPACES.length) {
        yield SPACES.subarray(0, Math.min(left, SPACES.length));
      }
    })(),
  );
}

function later(response: ServerResponse, ms: number, act: () => void): void {
  const cancel = () => {
    clearTimeout(timer);
  };
  const timer = setTimeout(() => {
    response.off('close', cancel);
    act();
  }, ms);
  response.once('close', cancel);
}

function ignoreBrokenPipe(): void {
  // The client disconnected, as it should with such a body.
}
