import { isRecord } from '../json';
import { fail, success, type Outcome } from './outcome';

export interface RequestOptions {
  readonly url: string;
  /** GET unless given. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object; nothing else gets through. */
  readonly data?: unknown;
  /** Milliseconds; 30,000 unless given. */
  readonly timeout?: number;
  /** `JSON` unless given; only this one is offered here. */
  readonly dataType?: string;
  /** Asks for `{data, headers, status, statusText}` in place of the bare body. */
  readonly includeHeader?: boolean;
}

/**
 * `my.request` over `fetch`, to the one domain that stands for what is registered in Tini Console.
 * Every HTTP status is a success; `fail` is for what never got an answer. Two things are unlike a
 * phone: http is allowed, as the emulators speak nothing else, and a timeout really ends a request.
 */
export async function request(
  { domain, fetch }: { readonly domain: string; readonly fetch: typeof globalThis.fetch },
  options: RequestOptions,
): Promise<Outcome> {
  const refused = refusal(domain, options);
  if (refused !== undefined) return fail('refused', refused);
  const { url, method = 'GET', headers = {}, data, timeout = 30_000 } = options;
  const sent = new Headers(headers);
  // Left out, it is a form, as on iOS: an app that forgets it should notice here.
  if (!sent.has('content-type')) sent.set('Content-Type', 'application/x-www-form-urlencoded');
  try {
    const response = await fetch(url, {
      method,
      headers: sent,
      ...(isRecord(data) && { body: encoded(data, sent.get('content-type') ?? '') }),
      // A Tini App has no cookies and no cache.
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

/** What is no JSON is left as the text it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
