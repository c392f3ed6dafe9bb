import { merge } from '../merge';
import { type Answer, readAnswer } from './answer';
import { callMy, LATE } from './call-my';
import { type Context } from './context';

/** Longer than the bridge's 8 s limit plus a cold start. */
const TIMEOUT_MS = 20_000;

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `my.request` only accepts objects. */
  readonly data?: object;
  /** `text`, `base64` or `arraybuffer`; default JSON. */
  readonly dataType?: string;
  /** Milliseconds; default 20,000. */
  readonly timeout?: number;
}

/**
 * Sends one request and resolves with the HTTP response, whatever its status. Throws `network`
 * without a response and `timeout` when it is too late; in both cases the server may have processed
 * the request.
 */
export async function send(context: Context, request: HttpRequest): Promise<Answer> {
  const timeout = request.timeout || TIMEOUT_MS;
  const complete = merge(request, {
    timeout,
    // Without a content type the runtime sends a form.
    headers: merge({ 'Content-Type': 'application/json' }, request.headers),
    // Returns the envelope instead of the bare body.
    includeHeader: true,
  });
  const outcome = await callMy(context, 'request', complete, timeout);
  if (outcome === LATE) context.failWith('timeout');
  const { ok, given } = outcome;
  return (
    readAnswer(given, ok, request.dataType === 'text') ||
    context.failWith('network', { native: given })
  );
}
