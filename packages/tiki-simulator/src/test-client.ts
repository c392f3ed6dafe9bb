import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import type { OpenApiPath } from './fault';
import { startTikiSimulator } from './server';
import { tikiSignature } from './signature';
import type { TikiSimulator, TikiSimulatorOptions } from './types';

export const CLIENT_KEY = 'test-client-key';
export const CLIENT_SECRET = 'test-client-secret';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
  /** Called with each chunk of the answer's body. */
  readonly onChunk?: (chunk: Buffer) => void;
}

/** One request over a real socket, without redirects or decompression; rejects if interrupted. */
export function http(url: string, options: HttpRequest = {}): Promise<HttpAnswer> {
  const { method = 'POST', headers = {}, body = '', agent, signal, onChunk } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method,
        headers: { 'Content-Length': String(Buffer.byteLength(body)), ...headers },
        ...(agent && { agent }),
        ...(signal && { signal }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          onChunk?.(chunk);
        });
        response.once('error', reject);
        response.once('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('latin1'),
          });
        });
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

export interface SignedCall extends HttpRequest {
  readonly timestamp?: number | string;
  readonly secret?: string;
  /** Headers to omit, in lower case. */
  readonly without?: readonly string[];
}

/** The headers of a correctly signed POST. */
export function signedHeaders(body: string | Buffer, call: SignedCall = {}) {
  return { 'content-type': 'application/json', ...signatureHeaders(body, call) };
}

function signatureHeaders(signed: string | Buffer, call: SignedCall) {
  const timestamp = String(call.timestamp ?? Date.now());
  const content = Buffer.from(signed);
  return {
    'x-tiniapp-client-id': CLIENT_KEY,
    'x-tiniapp-timestamp': timestamp,
    'x-tiniapp-signature': tikiSignature(call.secret ?? CLIENT_SECRET, {
      timestamp,
      clientKey: CLIENT_KEY,
      content,
    }),
  };
}

/** A correctly signed call, except for what `call` changes. Objects are sent as JSON. */
export function post(
  { apiBaseUrl }: TikiSimulator,
  path: OpenApiPath,
  content: string | Buffer | object,
  call: SignedCall = {},
): Promise<HttpAnswer> {
  const body =
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  const headers = Object.entries({ ...signedHeaders(body, call), ...call.headers });
  const kept = headers.filter(([name]) => !call.without?.includes(name));
  return http(`${apiBaseUrl}${path}`, { ...call, body, headers: Object.fromEntries(kept) });
}

/** A correctly signed GET, except for what `call` changes. The target has its query. */
export function get(
  { apiBaseUrl }: TikiSimulator,
  target: string,
  call: SignedCall = {},
): Promise<HttpAnswer> {
  const headers = { ...signatureHeaders(target, call), ...call.headers };
  return http(`${apiBaseUrl}${target}`, { method: 'GET', ...call, headers });
}

/** Starts a simulator before each test and stops it afterwards; returns a getter. */
export function simulatorForEachTest(
  options: Partial<TikiSimulatorOptions> = {},
): () => TikiSimulator {
  let simulator: TikiSimulator | undefined;
  beforeEach(async () => {
    simulator = await startTikiSimulator({
      clientKey: CLIENT_KEY,
      clientSecret: CLIENT_SECRET,
      ...options,
    });
  });
  afterEach(() => simulator?.close());
  return () => {
    if (simulator === undefined) throw new Error('only inside a test');
    return simulator;
  };
}

export interface TokenData {
  readonly access_token: string;
  readonly refresh_token?: string;
}

/** The data of a successful answer; throws for a failure. */
export function dataOf(answer: HttpAnswer): TokenData {
  const { data, error } = JSON.parse(answer.body) as { data: TokenData | null; error: unknown };
  if (data === null) throw new Error(`a refusal: ${JSON.stringify(error)}`);
  return data;
}

/** An order on the wire. */
export interface OrderData {
  readonly id: string;
  readonly status: string;
  readonly grand_total: number;
  readonly tiki_order_id: string;
  readonly tiki_order_code: string;
  readonly extra: string;
  readonly reference_id: string;
}

/** The order of a successful answer; throws for a failure. */
export function orderOf(answer: HttpAnswer): OrderData {
  const { data, error } = JSON.parse(answer.body) as {
    data: { order: OrderData } | null;
    error: unknown;
  };
  if (data === null) throw new Error(`a refusal: ${JSON.stringify(error)}`);
  return data.order;
}

export const NEW_ORDER = {
  customer_id: '1001',
  items: [{ name: '1 tháng', quantity: 1, price: 49_000 }],
  reference_id: 'o1',
};

/** Creates an order and returns its id. */
export async function createOrder(
  simulator: TikiSimulator,
  changes: object = {},
  call: SignedCall = {},
): Promise<string> {
  const answer = await post(simulator, '/order/multi-sku', { ...NEW_ORDER, ...changes }, call);
  return orderOf(answer).id;
}

/** The reason of a failure; undefined for a success. */
export function reasonOf(answer: HttpAnswer): string | undefined {
  const { error } = JSON.parse(answer.body) as { error: { reason: string } | null };
  return error?.reason;
}
