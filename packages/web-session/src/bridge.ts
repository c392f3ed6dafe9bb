import { SessionError } from './errors';

/** For one request, in ms: longer than a cold start of the bridge and its calls to Google. */
const ANSWER_MS = 30_000;

interface Call {
  readonly method?: 'GET' | 'POST';
  readonly body?: object;
  readonly csrfToken?: string | null;
}

/** Members of a JSON object; none for anything else. */
export type Fields = Readonly<Partial<Record<string, unknown>>>;

export interface Reply {
  readonly status: number;
  readonly fields: Fields;
}

async function fieldsOf(response: Response): Promise<Fields> {
  const body: unknown = await response.json().catch(() => undefined);
  // An object from JSON has string keys and unknown values.
  return typeof body === 'object' && body !== null ? (body as Fields) : {};
}

/**
 * Calls the function `sessions` on the page's own origin. Resolves for every status.
 *
 * @throws SessionError `unreachable`
 */
export async function call(path: string, { method, body, csrfToken }: Call = {}): Promise<Reply> {
  const ended = new AbortController();
  const timer = setTimeout(() => {
    ended.abort();
  }, ANSWER_MS);
  try {
    const response = await fetch(path, {
      method: method ?? 'POST',
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(csrfToken && { 'X-CSRF-Token': csrfToken }),
      },
      ...(body && { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: ended.signal,
    });
    return { status: response.status, fields: await fieldsOf(response) };
  } catch {
    throw new SessionError('unreachable');
  } finally {
    clearTimeout(timer);
  }
}

/** @throws SessionError with the bridge's code, unless the call succeeded */
export function succeeded({ status, fields }: Reply): Fields {
  if (status < 300) return fields;
  const { code } = fields;
  throw new SessionError(typeof code === 'string' ? code : 'unreachable');
}
