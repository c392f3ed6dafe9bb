/** An error of Express's body parser, whatever its form: it may carry the body it could not read. */
function isBodyParserError(value: unknown): boolean {
  if (value instanceof Error) {
    return /^(?:entity|encoding|charset|request)\./.test(typeOf(value));
  }
  return typeof value === 'string' && /^\w*Error: [^]*[\\/]body-parser[\\/]/.test(value);
}

function typeOf(error: Error): string {
  const type: unknown = Reflect.get(error, 'type');
  return typeof type === 'string' ? type : '';
}

/**
 * Express refuses malformed JSON before any function sees the request, and does two things with
 * the error that must not happen here: it answers with the stack trace unless the environment is
 * production, and it prints the error with the whole body in it, auth code and all. To be called
 * when the module is loaded, which is before the framework makes its Express app.
 */
export function quietMalformedBodies(env: NodeJS.ProcessEnv, target: Console): void {
  env['NODE_ENV'] ??= 'production';
  const original = target.error.bind(target);
  target.error = (...given: unknown[]) => {
    if (given.some(isBodyParserError)) {
      original('A request whose body could not be read was refused.');
    } else {
      original(...given);
    }
  };
}
