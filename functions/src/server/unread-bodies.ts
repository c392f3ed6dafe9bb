import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What a request says of its body. */
export interface DeclaredBody {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Bytes, 0 without a body; undefined for a body in chunks. */
  readonly contentLength: number | undefined;
}

/** On the request itself: a process may load this module twice, and the first look is the true one. */
const DECLARED = Symbol.for('tiki-firebase-bridge.declaredBody');

type Declaring = { [DECLARED]?: DeclaredBody };

function declaration(headers: IncomingHttpHeaders): DeclaredBody {
  return {
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    contentLength:
      headers['transfer-encoding'] === undefined
        ? Number(headers['content-length'] ?? 0)
        : undefined,
  };
}

/**
 * Keeps the framework's hands off a request's body. It would read, inflate and parse up to a gigabyte
 * before any function sees the request: 200 kB of gzip, or a dozen bodies of 30 MB, end an instance
 * and every login in it. A request whose headers announce no body is handed over as it is, with the
 * body still in its stream: see readBody.
 */
export function hideBody(request: IncomingMessage & Declaring): void {
  if (request[DECLARED]) return;
  const { headers } = request;
  request[DECLARED] = declaration(headers);
  delete headers['content-length'];
  delete headers['transfer-encoding'];
}

/** What a request declared about its body; undefined where nobody hid it from a framework. */
export function declaredBody(request: object): DeclaredBody | undefined {
  return (request as Declaring)[DECLARED];
}
