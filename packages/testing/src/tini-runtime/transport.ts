import { request } from 'node:http';

export interface WireRequest {
  readonly method: string;
  /** As passed by the app. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The encoded body; bytes for an upload. */
  readonly body: string | Uint8Array | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request to the server. Rejects when the network fails. */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;

function plainHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(entries);
}

/** Real HTTP to a server on this machine, in place of the app's https domain. */
export function loopbackTransport(domain: string, origin: string): Transport {
  return ({ method, url, headers, body }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
      const outgoing = request(
        origin + url.slice(domain.length),
        { method, headers: { ...headers, ...length } },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            resolve({
              status: incoming.statusCode ?? 0,
              headers: plainHeaders(incoming.headers),
              body: Buffer.concat(chunks).toString('utf8'),
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}
