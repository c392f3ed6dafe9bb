import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { createMy, type SimulatedMy } from './my';
import type { Phone } from './phone';

/** Gone from the world of a mini program, or declared unavailable there. */
const HIDDEN = [
  'eval',
  'Function',
  'WebAssembly',
  'SharedArrayBuffer',
  'Atomics',
  'escape',
  'unescape',
  'globalThis',
];

export interface World extends SimulatedMy {
  /** Runs a CommonJS file, with these names in its reach, and gives what it exports. */
  readonly run: (file: string, scope?: Readonly<Record<string, unknown>>) => unknown;
  /** Evaluates an expression in there, for a test to look around. */
  readonly evaluate: (expression: string) => unknown;
}

/** No process waits for these: the SDK leaves half a minute behind after a request that failed. */
const unreferencedTimeout = (
  callback: (...given: unknown[]) => void,
  ms?: number,
  ...given: unknown[]
) => setTimeout(callback, ms, ...given).unref();

/**
 * Opens the mini program on a phone: a bare JavaScript world with timers, promises and a console,
 * and without anything to reach out with but `my`. Each call is a fresh start of the app.
 */
export function openWorld(phone: Phone): World {
  const context = vm.createContext(
    { console, setTimeout: unreferencedTimeout, clearTimeout, setInterval, clearInterval },
    // Even the constructors that can still be reached make no code from text.
    { codeGeneration: { strings: false, wasm: false } },
  );
  const evaluate = (code: string): unknown => vm.runInContext(code, context);
  // The world's own parser, so that what comes in is made of the world's own objects.
  const parse = evaluate('JSON.parse') as (text: string) => unknown;
  // globalThis goes last: it is what the others are deleted from.
  for (const name of HIDDEN) evaluate(`delete globalThis.${name}`);

  const { my, show } = createMy(phone, {
    toPhone: (value) => JSON.parse(JSON.stringify(value)) as unknown,
    toApp: (value) => (value === undefined ? undefined : parse(JSON.stringify(value))),
  });
  context['my'] = my;
  return {
    my,
    show,
    evaluate,
    run(file, scope = {}) {
      const module: { exports: unknown } = { exports: {} };
      const names = ['module', 'exports', ...Object.keys(scope)];
      const code = `(function (${names.join(', ')}) {${readFileSync(file, 'utf8')}\n})`;
      // A function expression evaluates to that function.
      const run = vm.runInContext(code, context, { filename: file }) as (
        ...names: unknown[]
      ) => void;
      run(module, module.exports, ...Object.values(scope));
      return module.exports;
    },
  };
}
