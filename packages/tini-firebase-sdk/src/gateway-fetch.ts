import { callMy, readAnswer } from 'tiki-firebase-client/runtime';
import type { Platform } from './my';

/** Longer than the gateway's 10 s limit plus a cold start. */
const TIMEOUT_MS = 25_000;

/** Google's hosts used by the SDK, and the gateway's paths for them. */
const SERVED: Readonly<Record<string, string>> = {
  'identitytoolkit.googleapis.com': '/identitytoolkit',
  'securetoken.googleapis.com': '/securetoken',
  'firestore.googleapis.com': '/firestore',
};

/** The headers that the gateway forwards; the SDK's others are for statistics. */
const KEPT = /^(?:authorization|x-firebase-appcheck)$/i;

interface Connection {
  readonly platform: Platform;
  /** The developer's own domain, or a path on it, without a trailing slash. */
  readonly baseUrl: string;
}

let connection: Connection | undefined;

/** The SDK calls the global `fetch`, so the connection is module state. */
export function connect(platform: Platform, baseUrl: string): void {
  if (connection) throw new Error('createFirebase has been called before: reuse its result');
  if (!/^https:\/\/[^/?#@\s]+(?:\/[\w-]+)*$/.test(baseUrl)) {
    throw new Error(
      'baseUrl must be the https address of your domain, such as https://example.com',
    );
  }
  connection = { platform, baseUrl };
}

function gatewayUrl(url: string, baseUrl: string): string {
  // The query only contains the API key, and the gateway has its own.
  const [, host = '', path = ''] = /^https:\/\/([^/]+)([^?]*)/.exec(url) ?? [];
  const served = SERVED[host];
  if (served === undefined) throw new TypeError(`not served by the gateway: ${host}`);
  return baseUrl + served + path;
}

/**
 * The runtime only sends objects reliably, as JSON. The SDK sends JSON or, to refresh a token, a
 * form; Google accepts JSON for that too.
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

/** The part of a Response that the SDK reads. */
export interface ShimResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

/**
 * `fetch` over `my.request`, only to the gateway.
 *
 * @throws TypeError without an HTTP response, like the real one
 */
export async function fetch(url: string, init: RequestInit = {}): Promise<ShimResponse> {
  if (!connection) throw new TypeError('createFirebase has not been called');
  const { platform, baseUrl } = connection;
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
    // Returns the envelope instead of the bare body.
    includeHeader: true,
  };
  const outcome = await callMy(platform, 'request', options, TIMEOUT_MS);
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
