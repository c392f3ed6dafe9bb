import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as received by the upstream, neither parsed nor normalized. */
export interface SeenRequest {
  readonly method: string;
  /** The raw request target. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Upstream {
  /** `127.0.0.1:<port>`, the format of the emulators' variables. */
  readonly host: string;
  readonly seen: readonly SeenRequest[];
  /** Sets the response to all further requests. */
  answer(how: (response: ServerResponse, request: SeenRequest) => void): void;
  close(): Promise<void>;
}

export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has such an address.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const ANSWER = '{"from":"upstream"}';

function answerJson(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=UTF-8' }).end(ANSWER);
}

/** Stands in for Google's services on loopback. */
export async function startUpstream(): Promise<Upstream> {
  const seen: SeenRequest[] = [];
  let how: Parameters<Upstream['answer']>[0] = answerJson;
  const server = createServer((request, response) => {
    const received = buffer(request).then((bytes) => {
      const { method = '', url = '', headers, rawHeaders } = request;
      const entry = { method, target: url, headers, rawHeaders, body: bytes.toString() };
      seen.push(entry);
      how(response, entry);
    });
    // A request that was broken off is none.
    received.catch(() => undefined);
  });
  const host = await listening(server);
  return {
    host,
    seen,
    answer: (next) => {
      how = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
