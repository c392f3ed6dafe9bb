import { subscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What a request says of its body. */
export interface DeclaredBody {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Bytes; undefined for a body in chunks. */
  readonly contentLength: number | undefined;
}

/** On the request itself: a process may load this module twice, and the first look is the true one. */
const DECLARED = Symbol.for('tiki-firebase-bridge.declaredBody');

type Declaring = { [DECLARED]?: DeclaredBody };

/** The functions of this package that read bodies themselves; another one may want a parsed body. */
const OURS: ReadonlySet<string> = new Set(['auth', 'gateway']);

function declaration(headers: IncomingHttpHeaders): DeclaredBody {
  const length = headers['content-length'];
  return {
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    contentLength: length === undefined ? undefined : Number(length),
  };
}

/**
 * Keeps the framework's hands off request bodies. It would read, inflate and parse up to a gigabyte
 * before any function sees the request: 200 kB of gzip, or a dozen bodies of 30 MB, end an instance
 * and every login in it. A request whose headers announce no body is handed over as it is, with the
 * body still in its stream: see readBody.
 *
 * Node announces each request on this channel before anybody else sees it.
 *
 * @param serves Which servers of the process it is about: all, where a process serves nothing else.
 */
export function leaveBodiesUnread(
  env: NodeJS.ProcessEnv,
  serves: (server: unknown) => boolean = () => true,
): void {
  const target = env['FUNCTION_TARGET'];
  if (target !== undefined && !OURS.has(target)) return;
  subscribe('http.server.request.start', (message) => {
    // The shape that Node documents for this channel.
    const { request, server } = message as {
      request: IncomingMessage & Declaring;
      server: unknown;
    };
    if (!serves(server) || request[DECLARED]) return;
    const { headers } = request;
    request[DECLARED] = declaration(headers);
    delete headers['content-length'];
    delete headers['transfer-encoding'];
  });
}

/** What a request declared about its body; undefined where nobody hid it from a framework. */
export function declaredBody(request: object): DeclaredBody | undefined {
  return (request as Declaring)[DECLARED];
}
