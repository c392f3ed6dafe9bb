import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { type Border, createMy, type SimulatedMy } from './my';
import type { Phone } from './phone';
import { createWebViews, type WebViews } from './web-view';

/** Missing in the realm of a mini program, or documented as unavailable. */
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

export interface World extends SimulatedMy, Pick<WebViews, 'openWebView'> {
  /**
   * Runs a CommonJS file with these variables in scope, and returns its exports. It can require the
   * files beside it. Each file runs once.
   */
  readonly run: (file: string, scope?: Readonly<Record<string, unknown>>) => unknown;
  /** Evaluates an expression in the realm. */
  readonly evaluate: (expression: string) => unknown;
}

/** Does not keep the process alive: the SDK leaves a 30 s timer after a failed request. */
const unreferencedTimeout = (
  callback: (...given: unknown[]) => void,
  ms?: number,
  ...given: unknown[]
) => setTimeout(callback, ms, ...given).unref();

/**
 * Creates the realm of a mini program on a phone: plain JavaScript with timers, promises and a
 * console, and only `my` for I/O. Each call is a new start of the app.
 */
export function openWorld(phone: Phone): World {
  const context = vm.createContext(
    { console, setTimeout: unreferencedTimeout, clearTimeout, setInterval, clearInterval },
    // Even reachable Function constructors cannot compile strings.
    { codeGeneration: { strings: false, wasm: false } },
  );
  const evaluate = (code: string): unknown => vm.runInContext(code, context);
  // The realm's own JSON.parse, so that values passed in are objects of the realm.
  const parse = evaluate('JSON.parse') as (text: string) => unknown;
  // globalThis is last, since the others are deleted from it.
  for (const name of HIDDEN) evaluate(`delete globalThis.${name}`);

  const border: Border = {
    toPhone: (value) => JSON.parse(JSON.stringify(value)) as unknown,
    toApp: (value) => (value === undefined ? undefined : parse(JSON.stringify(value))),
  };
  const { createWebViewContext, openWebView } = createWebViews(phone, border);
  const { my: functions, show, hide } = createMy(phone, border);
  const my = { ...functions, createWebViewContext };
  context['my'] = my;
  const modules = new Map<string, unknown>();

  function run(file: string, scope: Readonly<Record<string, unknown>> = {}): unknown {
    if (modules.has(file)) return modules.get(file);
    const module: { exports: unknown } = { exports: {} };
    const require = (name: string) => run(path.resolve(path.dirname(file), name));
    const variables = { module, exports: module.exports, require, ...scope };
    const code = `(function (${Object.keys(variables).join(', ')}) {${readFileSync(file, 'utf8')}\n})`;
    // Evaluates to a function with these parameters.
    const evaluated = vm.runInContext(code, context, { filename: file }) as (
      ...values: unknown[]
    ) => void;
    evaluated(...Object.values(variables));
    modules.set(file, module.exports);
    return module.exports;
  }
  return { my, show, hide, openWebView, evaluate, run };
}
