/** Errors that Express makes before any function sees the request; they quote body or path. */
function isExpressOwn(value: unknown): boolean {
  if (value instanceof URIError) return true;
  if (value instanceof Error) {
    return /^(?:entity|encoding|charset|request)\./.test(typeOf(value));
  }
  return (
    typeof value === 'string' &&
    (/^\w*Error: [^]*[\\/]body-parser[\\/]/.test(value) ||
      value.startsWith('URIError: Failed to decode param'))
  );
}

function typeOf(error: Error): string {
  const type: unknown = Reflect.get(error, 'type');
  return typeof type === 'string' ? type : '';
}

/**
 * Express refuses some requests before any function sees them, such as a path that cannot be
 * decoded, and does two things with the error that must not happen here: it answers with the stack
 * trace unless the environment is production, and it prints what the caller sent. To be called when
 * the module is loaded, which is before the framework makes its Express app.
 */
export function quietFramework(env: NodeJS.ProcessEnv, target: Console): void {
  env['NODE_ENV'] ||= 'production';
  const original = target.error.bind(target);
  target.error = (...given: unknown[]) => {
    if (given.some(isExpressOwn)) {
      original('A request that could not be read was refused.');
    } else {
      original(...given);
    }
  };
}
