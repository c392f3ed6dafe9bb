import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { LOOPBACK } from '../emulators/ports';

/** A request to the site, as its functions see it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string | undefined;
  /** Names of the cookies that the browser sent. */
  readonly cookies: readonly string[];
}

export interface HostingProxy {
  /** For a browser's option `proxy`. */
  readonly server: string;
  /** Requests to the site, in the order of their arrival. */
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/**
 * An HTTP proxy that does to one site what Firebase Hosting does and its emulator does not: of all
 * cookies, functions get only `__session`.
 */
export async function startHostingProxy(site: string): Promise<HostingProxy> {
  const seen: SeenRequest[] = [];
  const agent = new http.Agent({ keepAlive: true });

  /** The request's headers without other cookies. */
  function headersToSite(request: http.IncomingMessage, { pathname, search }: URL) {
    const cookies = (request.headers.cookie ?? '').split('; ').filter((cookie) => cookie !== '');
    seen.push({
      method: request.method ?? 'GET',
      path: pathname + search,
      authorization: request.headers.authorization,
      cookies: cookies.map((cookie) => cookie.replace(/=.*/, '')),
    });
    const { cookie, ...headers } = request.headers;
    const passed = cookies.filter((one) => one.startsWith('__session='));
    return cookie === undefined || passed.length === 0
      ? headers
      : { ...headers, cookie: passed.join('; ') };
  }

  const server = http.createServer((request, response) => {
    // Browsers send a proxy the whole URL.
    const url = new URL(request.url ?? '', site);
    const headers = url.origin === site ? headersToSite(request, url) : request.headers;
    const { method = 'GET' } = request;
    const call = http.request(url, { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response).catch(() => response.destroy());
    });
    pipeline(request, call).catch(() => response.destroy());
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  // TCP servers have this kind of address.
  const { port } = server.address() as AddressInfo;

  return {
    server: `http://${LOOPBACK}:${port}`,
    seen,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
