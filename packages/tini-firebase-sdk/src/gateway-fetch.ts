import { callMy, readAnswer } from 'tiki-firebase-client/runtime';
import type { Surroundings } from './my';

/** Above the gateway's whole 10 s and a cold start. */
const TIMEOUT_MS = 25_000;

/** Google's hosts that the SDK talks to, and where the gateway serves them. */
const SERVED: Readonly<Record<string, string>> = {
  'identitytoolkit.googleapis.com': '/identitytoolkit',
  'securetoken.googleapis.com': '/securetoken',
  'firestore.googleapis.com': '/firestore',
};

/** Of the SDK's headers, what the gateway passes on; the rest is statistics. */
const KEPT = /^(?:authorization|x-firebase-appcheck)$/i;

interface Connection {
  readonly surroundings: Surroundings;
  /** The developer's own domain, without a slash at the end. */
  readonly baseUrl: string;
}

let connection: Connection | undefined;

/** The SDK calls `fetch` by its name, so there is one connection for the whole file. */
export function connect(surroundings: Surroundings, baseUrl: string): void {
  if (connection) throw new Error('createFirebase has been called before: keep what it gave');
  if (!/^https:\/\/[^/?#@\s]+$/.test(baseUrl)) {
    throw new Error(
      'baseUrl must be the https address of your domain, such as https://example.com',
    );
  }
  connection = { surroundings, baseUrl };
}

function gatewayUrl(url: string, baseUrl: string): string {
  // The query holds nothing but the API key, and the gateway has its own.
  const [, host = '', path = ''] = /^https:\/\/([^/]+)([^?]*)/.exec(url) ?? [];
  const served = SERVED[host];
  if (served === undefined) throw new TypeError(`not served by the gateway: ${host}`);
  return baseUrl + served + path;
}

/**
 * The runtime sends an object as JSON, and nothing else reliably. The SDK writes JSON or, for the
 * refresh of a token, a form; Google takes JSON for that too.
 */
function bodyData(body: string): unknown {
  if (body.startsWith('{')) return JSON.parse(body);
  const data: Record<string, string> = {};
  for (const pair of body.split('&')) {
    const [name = '', value = ''] = pair.split('=').map(decodeURIComponent);
    data[name] = value;
  }
  return data;
}

export interface RequestInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** As much of a Response as the SDK reads. */
export interface ShimResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

/**
 * `fetch` over `my.request`, to the gateway alone.
 *
 * @throws TypeError where there was no HTTP answer, as the real one does.
 */
export async function fetch(url: string, init: RequestInit = {}): Promise<ShimResponse> {
  if (!connection) throw new TypeError('createFirebase has not been called');
  const { surroundings, baseUrl } = connection;
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  for (const [name, value] of Object.entries(init.headers ?? {})) {
    if (KEPT.test(name)) headers[name] = value;
  }
  const options = {
    url: gatewayUrl(url, baseUrl),
    method: init.method ?? 'GET',
    headers,
    ...(init.body !== undefined && { data: bodyData(init.body) }),
    timeout: TIMEOUT_MS,
    // Asks for the envelope instead of the bare body.
    includeHeader: true,
  };
  const outcome = await callMy(surroundings, 'request', options, TIMEOUT_MS);
  const answer = readAnswer(outcome.given, outcome.ok);
  if (!answer) throw new TypeError('my.request failed');
  const { status, data } = answer;
  return {
    ok: status < 400,
    status,
    statusText: String(status),
    json: () => Promise.resolve(data),
    text: () => Promise.resolve(typeof data === 'string' ? data : JSON.stringify(data)),
  };
}
