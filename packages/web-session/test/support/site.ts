import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { createSecureServer, type Http2ServerRequest } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import nodePath from 'node:path';
import { LOOPBACK } from '@tiki-bridge/testing/emulators/ports';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** SHA-256 of the body, hexadecimal. */
  readonly hash: string;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Route = (arrived: Arrived) => Reply | Promise<Reply>;

export interface Site {
  /** What the browser calls it: `http://127.0.0.1:…`. */
  readonly origin: string;
  /** Everything that arrived, the oldest first. */
  readonly arrived: Arrived[];
  /** The requests for a path: with the query, if it has one, or else with any. */
  at(pathname: string): Arrived[];
  /** Answers, by path; all others are answered by an empty page. */
  readonly routes: Map<string, Route>;
  /** Answers to everything below a path, unless `routes` has one. */
  readonly below: Map<string, Route>;
  stop(): Promise<void>;
}

/** Without the query. */
const pathOf = (target: string) => target.replace(/\?.*/, '');

async function bodyOf(request: IncomingMessage | Http2ServerRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // Of a Node stream without an encoding, these are buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
export const json = (body: object, status = 200): Reply => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify(body),
});

const EMPTY_PAGE: Reply = {
  headers: { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' },
  body: '<!doctype html><title>empty</title><link rel="icon" href="data:,">',
};

/** A web site that writes down what arrives: over HTTP/1.1, or with `http2` over HTTP/2 and TLS. */
export async function startSite({ host = LOOPBACK, http2 = false } = {}): Promise<Site> {
  const arrived: Arrived[] = [];
  const routes = new Map<string, Route>();
  const below = new Map<string, Route>();
  const routeFor = (path: string): Route | undefined =>
    routes.get(path) ?? [...below].find(([folder]) => path.startsWith(folder))?.[1];

  async function answer(request: IncomingMessage | Http2ServerRequest): Promise<Reply> {
    const body = await bodyOf(request);
    const one: Arrived = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      hash: createHash('sha256').update(body).digest('hex'),
      body: body.toString(),
    };
    arrived.push(one);
    return (await routeFor(pathOf(one.path))?.(one)) ?? EMPTY_PAGE;
  }

  let server: Server;
  if (http2) {
    const { keyPem, certPem } = await makeCertificates(['localhost']);
    server = createSecureServer({ key: keyPem, cert: certPem }, (request, response) => {
      answer(request).then(
        ({ status = 200, headers = {}, body = '' }) => {
          response.writeHead(status, headers).end(body);
        },
        () => {
          response.stream.close();
        },
      );
    });
  } else {
    server = createServer((request, response) => {
      answer(request).then(
        ({ status = 200, headers = {}, body = '' }) => {
          response.writeHead(status, headers).end(body);
        },
        () => {
          response.destroy();
        },
      );
    });
  }
  await new Promise<void>((resolve) => {
    server.listen(0, LOOPBACK, resolve);
  });
  // It listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${http2 ? 'https' : 'http'}://${host}:${port}`,
    arrived,
    at: (target) => arrived.filter(({ path }) => path === target || pathOf(path) === target),
    routes,
    below,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        if ('closeAllConnections' in server) Reflect.apply(closeAll, undefined, [server]);
      }),
  };
}

const closeAll = (server: { closeAllConnections(): void }) => {
  server.closeAllConnections();
};

/** Serves the built package, and a page that starts the session with these options, at `/page`. */
export function servePackage({ routes }: Site, built: string, options: object = {}): void {
  for (const file of readdirSync(built).filter((name) => name.endsWith('.js'))) {
    const body = readFileSync(nodePath.join(built, file), 'utf8');
    routes.set(`/${file}`, () => ({ headers: { 'Content-Type': 'text/javascript' }, body }));
  }
  routes.set('/page', ({ path: target }) => ({
    headers: {
      'Content-Type': 'text/html',
      'Cache-Control': 'no-store',
      ...(target.includes('no-worker') && { 'Content-Security-Policy': "worker-src 'none'" }),
    },
    body: `<!doctype html><title>page</title><link rel="icon" href="data:,">
      <script type="module">
        import { startSession } from '/session.js';
        import { handOver } from '/hand-over.js';
        window.session = startSession(${JSON.stringify(options)});
        window.handOver = handOver;
        window.changes = [];
        session.onChange((user) => changes.push(user));
      </script>`,
  }));
}

/** Passes the Auth SDK's calls on to the emulator, as the bridge's gateway does to Google. */
export function serveGateway({ routes }: Site, authOrigin: string): void {
  const places = [
    ['/identitytoolkit/v1/accounts:signInWithCustomToken', 'identitytoolkit.googleapis.com'],
    ['/identitytoolkit/v1/accounts:lookup', 'identitytoolkit.googleapis.com'],
    ['/securetoken/v1/token', 'securetoken.googleapis.com'],
  ] as const;
  for (const [pathname, host] of places) {
    routes.set(pathname, async ({ headers, body }) => {
      const at = `${authOrigin}/${host}/v1/${pathname.split('/v1/')[1] ?? ''}?key=the-gateway's`;
      const answer = await fetch(at, {
        method: 'POST',
        headers: { 'Content-Type': headers['content-type'] ?? '' },
        body,
      });
      return { status: answer.status, headers: JSON_TYPE, body: await answer.text() };
    });
  }
}

/** Passes Firestore's calls on to the emulator, as the bridge's gateway does to Google. */
export function serveFirestore({ below }: Site, host: string): void {
  below.set('/firestore/v1/', async ({ method, path, headers, body }) => {
    const { authorization = '', 'content-type': type = '' } = headers;
    const answer = await fetch(`http://${host}${path.replace('/firestore', '')}`, {
      method,
      headers: { Authorization: authorization, 'Content-Type': type },
      ...(method === 'POST' && { body }),
    });
    return { status: answer.status, headers: JSON_TYPE, body: await answer.text() };
  });
}
