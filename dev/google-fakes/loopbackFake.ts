import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** A request as a fake sees it: already read to its end. */
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

/** What can be broken on demand: the connection, the time an answer takes, or a named answer. */
export type Fault<Named extends string> =
  | 'hang' // never answers
  | 'reset' // hangs up without an answer; the caller sees ECONNRESET
  | { readonly latencyMs: number } // answers properly, but late
  | Named;

/** One request that arrived, and what became of it: the HTTP status, or how it was left. */
export interface Call {
  readonly method: string;
  /** Host header without the port: the name under which the fake was asked. */
  readonly host: string;
  /** Path with its query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
  readonly outcome: number | 'hang' | 'reset';
}

export interface LoopbackFake<Named extends string> {
  /** `127.0.0.1:<port>`, as MAP_HOSTS takes it. */
  readonly address: string;
  readonly calls: readonly Call[];
  /** Breaks every request from now on (null mends); a function is asked once per request. */
  setFault(fault: Fault<Named> | null | (() => Fault<Named> | null)): void;
  /** Stops listening and drops connections: the next one gets ECONNREFUSED. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves `answer` on a loopback port of the kernel's choice, over TLS when `tls` is given.
 * `answer` is told the named fault in force and stays a plain function from request to answer;
 * sockets, hanging and hanging up are dealt with here.
 */
export async function startLoopbackFake<Named extends string>(options: {
  readonly answer: (request: FakeRequest, fault: Named | null) => Answer | Promise<Answer>;
  readonly tls?: { readonly keyPem: string; readonly certPem: string };
}): Promise<LoopbackFake<Named>> {
  const calls: Call[] = [];
  let nextFault: () => Fault<Named> | null = () => null;

  async function serve(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    const body = await text(req).catch(() => null);
    if (body === null) return; // The caller went away while sending.
    const { method = 'GET', headers } = req;
    const url = new URL(`http://${headers.host ?? 'localhost'}${req.url ?? '/'}`);
    const record = (outcome: Call['outcome']): void => {
      const path = url.pathname + url.search;
      const { authorization } = headers;
      calls.push({ method, host: url.hostname, path, authorization, body, outcome });
    };

    const fault = nextFault();
    if (fault === 'hang') {
      record('hang');
      return;
    }
    if (fault === 'reset') {
      record('reset');
      req.socket.destroy();
      return;
    }
    const late = fault !== null && typeof fault === 'object';
    if (late) await delay(fault.latencyMs, undefined, { ref: false });
    const answer = await options.answer({ method, url, headers, body }, late ? null : fault);
    record(answer.status);
    res.writeHead(answer.status, answer.headers).end(answer.body);
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
      // The callback's error says only that it was not listening, which is what is wanted.
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
      nextFault = typeof fault === 'function' ? fault : () => fault;
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
