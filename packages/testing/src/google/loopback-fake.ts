import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** A request whose body has been read. */
export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Faults of the connection or the timing, or a named error response. */
export type Fault<Named extends string> =
  | 'hang' // never responds
  | 'reset' // closes the connection; the caller sees ECONNRESET
  | { readonly latencyMs: number } // responds correctly, but late
  | { readonly slowBodyMs: number } // sends headers and half of the body at once, the rest late
  | 'garbage' // correct headers with a malformed body
  | Named;

/** One fault for all requests, or chosen per request; null for none. */
export type Faults<Named extends string> =
  Fault<Named> | null | ((request: FakeRequest) => Fault<Named> | null);

/** Not JSON, not a name, not a number. */
const GARBAGE = '{"<\u0000';

/** A received request and its outcome: the HTTP status or the fault. */
export interface Call {
  readonly method: string;
  /** Host header without the port: the name that the caller used. */
  readonly host: string;
  /** Path with its query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
  readonly outcome: number | 'hang' | 'reset';
}

export interface LoopbackFake<Named extends string> {
  /** `127.0.0.1:<port>`, the format of MAP_HOSTS. */
  readonly address: string;
  readonly calls: readonly Call[];
  /** Applies to all requests from now on; null clears it, a function is called per request. */
  setFault(fault: Faults<Named>): void;
  /** Resolves when the callers of all hanging requests have closed their connections. */
  hungUp(): Promise<void>;
  /** Stops listening and drops connections: the next one gets ECONNREFUSED. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves `answer` on a free loopback port, over TLS if `tls` is given. `answer` is a plain function
 * from request and named fault to response; the faults of the connection are handled here.
 */
export async function startLoopbackFake<Named extends string>(options: {
  readonly answer: (request: FakeRequest, fault: Named | null) => Answer | Promise<Answer>;
  readonly tls?: { readonly keyPem: string; readonly certPem: string };
}): Promise<LoopbackFake<Named>> {
  const calls: Call[] = [];
  const left: Promise<unknown>[] = [];
  let faultFor: (request: FakeRequest) => Fault<Named> | null = () => null;

  async function serve(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const body = await text(req).catch(() => null);
    if (body === null) return; // The caller aborted the request.
    const { method = 'GET', headers } = req;
    const url = new URL(`http://${headers.host ?? 'localhost'}${req.url ?? '/'}`);
    const record = (outcome: Call['outcome']): void => {
      const path = url.pathname + url.search;
      const { authorization } = headers;
      calls.push({ method, host: url.hostname, path, authorization, body, outcome });
    };

    const request = { method, url, headers, body };
    const fault = faultFor(request);
    if (fault === 'hang') {
      record('hang');
      left.push(new Promise((gone) => req.socket.once('close', gone)));
      return;
    }
    if (fault === 'reset') {
      record('reset');
      req.socket.destroy();
      return;
    }
    const disturbed = fault !== null && typeof fault === 'object' ? fault : undefined;
    if (disturbed && 'latencyMs' in disturbed) {
      await delay(disturbed.latencyMs, undefined, { ref: false });
    }
    const unnamed = typeof fault === 'object' || fault === 'garbage';
    const named = unnamed ? null : fault;
    const answer = await options.answer(request, named);
    const sent = fault === 'garbage' ? { ...answer, body: GARBAGE } : answer;
    record(sent.status);
    res.writeHead(sent.status, sent.headers);
    if (disturbed && 'slowBodyMs' in disturbed) {
      const half = Math.ceil(sent.body.length / 2);
      res.write(sent.body.slice(0, half));
      await delay(disturbed.slowBodyMs, undefined, { ref: false });
      res.end(sent.body.slice(half));
    } else res.end(sent.body);
  }

  const listener: http.RequestListener = (req, res) => void serve(req, res);
  const server = options.tls
    ? https.createServer({ key: options.tls.keyPem, cert: options.tls.certPem }, listener)
    : http.createServer(listener);
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      // The callback only fails if the server is not listening, which is the goal anyway.
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });

  await listen(0);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not bound to a TCP port');
  return {
    address: `127.0.0.1:${bound.port}`,
    calls,
    setFault(fault) {
      faultFor = typeof fault === 'function' ? fault : () => fault;
    },
    hungUp: async () => {
      await Promise.all(left);
    },
    refuse: stop,
    accept: () => listen(bound.port),
    close: stop,
  };
}

export function jsonAnswer(status: number, body: unknown): Answer {
  const headers = { 'Content-Type': 'application/json; charset=UTF-8' };
  return { status, headers, body: JSON.stringify(body) };
}
