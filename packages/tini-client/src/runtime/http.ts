import { merge } from '../merge';
import { type Answer, readAnswer } from './answer';
import { callMy, LATE } from './call-my';
import { type Context } from './context';

/** Longer than the bridge's whole 8 s and a cold start. */
const enum Wait {
  Ms = 20_000,
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object: `my.request` takes nothing else. */
  readonly data?: object;
  /** `text`, `base64` or `arraybuffer`; JSON unless given. */
  readonly dataType?: string;
  /** Milliseconds; 20,000 unless given. */
  readonly timeout?: number;
}

/**
 * Sends one request and resolves with the HTTP answer, whatever its status. Throws `network` when
 * there was no answer and `timeout` when it took too long: either way it may have been served.
 */
export async function send(context: Context, request: HttpRequest): Promise<Answer> {
  const timeout = request.timeout || Wait.Ms;
  const complete = merge(request, {
    timeout,
    // Without a content type the runtime would send a form.
    headers: merge({ 'Content-Type': 'application/json' }, request.headers),
    // Asks for the envelope instead of the bare body.
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
