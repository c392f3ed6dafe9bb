import { redact, withoutSecrets } from './redact';

/** An unexpected error, reduced to what is safe to log. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Stack frames, without the message that precedes them in `error.stack`. */
  readonly frames: readonly string[];
}

const SAFE_CODE = /^[\w./-]{1,64}$/;
const MAX_FRAMES = 12;
const MAX_MESSAGE = 300;

function framesOf(error: Error, secrets: readonly string[]): string[] {
  const stack = error.stack ?? '';
  // A multi-line message can imitate frames, so the scan starts after it.
  const start = stack.indexOf(error.message);
  return stack
    .slice(start === -1 ? 0 : start + error.message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => withoutSecrets(line.trim(), secrets));
}

/**
 * Describes an error by an allow-list of properties: errors of HTTP clients carry whole requests in
 * their properties, and messages may quote input.
 *
 * @param secrets Masked wherever they occur.
 */
export function describeError(error: unknown, secrets: readonly string[]): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: '', frames: [] };
  const code: unknown = Reflect.get(error, 'code');
  return {
    name: SAFE_CODE.test(error.name) ? error.name : 'Error',
    message: redact(error.message, secrets).slice(0, MAX_MESSAGE),
    ...(typeof code === 'string' && SAFE_CODE.test(code) && { code }),
    frames: framesOf(error, secrets),
  };
}
