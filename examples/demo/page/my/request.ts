import { isRecord } from '../json';
import { fail, success, type Outcome } from './outcome';

export interface RequestOptions {
  readonly url: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Must be an object. */
  readonly data?: unknown;
  /** Milliseconds; default 30,000. */
  readonly timeout?: number;
  /** Default `JSON`, the only supported type. */
  readonly dataType?: string;
  /** Returns `{data, headers, status, statusText}` instead of the bare body. */
  readonly includeHeader?: boolean;
}

/**
 * `my.request` over `fetch`, only to the domain that stands for the one registered in Tini Console.
 * Any HTTP status is a success; `fail` means that there was no response. Two differences from a
 * phone: http is allowed, because the emulators have no TLS, and a timeout really aborts the request.
 */
export async function request(
  { domain, fetch }: { readonly domain: string; readonly fetch: typeof globalThis.fetch },
  options: RequestOptions,
): Promise<Outcome> {
  const refused = refusal(domain, options);
  if (refused !== undefined) return fail('refused', refused);
  const { url, method = 'GET', headers = {}, data, timeout = 30_000 } = options;
  const sent = new Headers(headers);
  // The default is a form, as on iOS, so that an app without a content type fails here too.
  if (!sent.has('content-type')) sent.set('Content-Type', 'application/x-www-form-urlencoded');
  try {
    const response = await fetch(url, {
      method,
      headers: sent,
      ...(isRecord(data) && { body: encoded(data, sent.get('content-type') ?? '') }),
      // Tini Apps have no cookies and no cache.
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeout),
    });
    return success(await answerOf(response, options.includeHeader === true));
  } catch (error) {
    return fail('network', String(error));
  }
}

function refusal(
  domain: string,
  { url, method = 'GET', data, dataType = 'JSON' }: RequestOptions,
): string | undefined {
  if (!url.startsWith(`${domain}/`)) return 'The domain is not registered';
  if (data !== undefined && !isRecord(data)) return 'data must be an object';
  if (data !== undefined && method === 'GET') return 'What becomes of data is not documented here';
  if (dataType !== 'JSON') return 'This dataType is not offered here';
  return undefined;
}

function encoded(data: Readonly<Record<string, unknown>>, contentType: string): string {
  if (contentType.startsWith('application/json')) return JSON.stringify(data);
  const fields = Object.entries(data).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(fields).toString();
}

async function answerOf(response: Response, whole: boolean): Promise<unknown> {
  const data = parsed(await response.text());
  if (!whole) return data;
  const { headers, status, statusText } = response;
  return { data, headers: Object.fromEntries(headers), status, statusText };
}

/** Returns text that is not JSON unchanged. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
