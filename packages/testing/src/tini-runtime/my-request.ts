import { deliver, type Delivery, networkFailure } from './deliver';
import type { Phone, RecordedRequest } from './phone';
import type { WireRequest } from './transport';

interface RequestOptions {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: unknown;
  readonly dataType?: string;
  readonly timeout?: number;
  readonly includeHeader?: boolean;
}

/** Never settles. */
export const NEVER = new Promise<never>(() => undefined);

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON if the header says so; otherwise a form, which cannot represent nested objects. */
function encode(request: RecordedRequest, alwaysJson: boolean): WireRequest {
  const { method, url, headers, data } = request;
  if (!isPlainObject(data) || method === 'GET') return { method, url, headers, body: undefined };
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const isJson = alwaysJson || type?.startsWith('application/json') === true;
  const form = new URLSearchParams(
    Object.entries(data).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const typed = type === undefined ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {};
  const body = isJson ? JSON.stringify(data) : form.toString();
  return { method, url, headers: { ...headers, ...typed }, body };
}

/** Why a request cannot leave the phone. */
export function refusal(phone: Phone, { url, data }: RecordedRequest): string | undefined {
  if (!url.startsWith('https://')) return 'only https';
  if (!phone.domains.some((domain) => url.startsWith(`${domain}/`))) return 'domain not registered';
  if (data !== undefined && !isPlainObject(data)) return 'data is not an object';
  return phone.online ? undefined : 'no internet';
}

export function takeNetworkFault(phone: Phone, url: string) {
  const at = phone.networkFaults.findIndex(({ path }) => url.includes(path));
  return at < 0 ? undefined : phone.networkFaults.splice(at, 1)[0]?.what;
}

function timeout(phone: Phone, ms: number): Promise<Delivery> {
  return new Promise((resolve) => {
    phone.timers.setTimeout(() => {
      resolve({ callback: 'fail', value: networkFailure(phone.behaviour, 'timeout') });
    }, ms);
  });
}

/** `my.request`: only to registered domains, over the phone's transport. */
export async function myRequest(phone: Phone, options: RequestOptions): Promise<Delivery> {
  const { url, method = 'GET', headers = {}, data, includeHeader = false } = options;
  const request = { method, url, headers, data };
  phone.requests.push(request);
  const fail = (what: string): Delivery => ({
    callback: 'fail',
    value: networkFailure(phone.behaviour, what),
  });
  const refused = refusal(phone, request);
  if (refused !== undefined) return fail(refused);
  const fault = takeNetworkFault(phone, url);
  if (fault === 'lost') return fail('connection reset');
  const { behaviour } = phone;
  try {
    const answer = await phone.transport(encode(request, behaviour.alwaysJson));
    if (fault === 'answer lost') return fail('connection reset');
    if (fault === 'hang') {
      return await (behaviour.ignoresTimeout ? NEVER : timeout(phone, options.timeout ?? 30_000));
    }
    const text = behaviour.text || options.dataType === 'text';
    return deliver(answer, includeHeader, { ...behaviour, text });
  } catch {
    return fail('connection refused');
  }
}
