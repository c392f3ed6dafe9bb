import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** The part of a process by which functions-framework is configured. */
export type FrameworkProcess = Pick<NodeJS.Process, 'argv' | 'cwd' | 'env'>;

export interface FrameworkOptions {
  /** Folder or file of the module. */
  readonly source: string;
  /** Name of an export; dots separate the names within groups. Undefined outside the framework. */
  readonly target: string | undefined;
  /** Zero: any free port. */
  readonly port: number;
}

/** functions-framework's own options: arguments take precedence over environment variables. */
export function frameworkOptions({ argv, cwd, env }: FrameworkProcess): FrameworkOptions {
  const { values } = parseArgs({
    args: argv.slice(2),
    options: { source: { type: 'string' }, target: { type: 'string' }, port: { type: 'string' } },
    strict: false,
  });
  const option = (name: string, variable: string): string | undefined => {
    const argument: unknown = values[name];
    return typeof argument === 'string' ? argument : env[variable] || undefined;
  };
  return {
    source: path.resolve(cwd(), option('source', 'FUNCTION_SOURCE') ?? ''),
    target: option('target', 'FUNCTION_TARGET'),
    port: Number(option('port', 'PORT') ?? '8080'),
  };
}

/**
 * The function object that functions-framework serves, found as its loader finds it: the module of
 * the code base, and in it the target. The module is loaded already, so this only looks it up.
 * Undefined where it cannot be looked up.
 */
export function servedFunction(source: string, target: string): unknown {
  const require = createRequire(path.join(source, 'index.js'));
  let found: unknown;
  try {
    found = require(source);
  } catch {
    // Not a module that CommonJS can look up, such as one with a top-level await.
    return undefined;
  }
  for (const name of target.split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  return found;
}
