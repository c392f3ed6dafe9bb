import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { PROJECT_ROOT } from '../emulators/project-files';
import type { Phone } from './phone';
import { openWorld, type World } from './world';

const CLIENT_FOLDER = path.join(PROJECT_ROOT, 'packages', 'tini-client');

/** A page or app as it was given to `Page()` or `App()`, made alive. */
export interface Page {
  readonly data: Readonly<Record<string, unknown>>;
  /** Calls a handler as the view would, and waits for what it started. */
  readonly call: (handler: string, ...args: readonly unknown[]) => Promise<unknown>;
}

/** Waits until a page shows something, without a clock: the page's own calls are what takes time. */
export async function until(page: Page, shows: (data: Page['data']) => boolean): Promise<void> {
  while (!shows(page.data)) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

export interface Program extends World {
  /** Opens a page by its path in app.json and lets it load. */
  readonly openPage: (pagePath: string) => Promise<Page>;
  /** `my.navigateTo` and its like, as they were called. */
  readonly visited: readonly string[];
}

/** A mini program compiled into one file. */
export interface ProgramBuild {
  readonly file: string;
  readonly pages: readonly string[];
  readonly remove: () => void;
}

/** The client as npm would install it: what package.json names, under the package's name. */
function installClient(nodeModules: string, dist: string): void {
  const target = path.join(nodeModules, 'tiki-firebase-client');
  mkdirSync(target, { recursive: true });
  cpSync(dist, path.join(target, 'dist'), { recursive: true });
  for (const kept of ['package.json', 'firestore']) {
    cpSync(path.join(CLIENT_FOLDER, kept), path.join(target, kept), { recursive: true });
  }
}

/**
 * Compiles a mini program as Tini Studio does: app.js and the pages of app.json, with the packages
 * they import, by webpack's rules for finding them.
 */
export function buildProgram(folder: string, clientDist: string): ProgramBuild {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'tini-program-'));
  const nodeModules = path.join(temporary, 'node_modules');
  installClient(nodeModules, clientDist);
  const source = path.join(folder, 'src');
  // Our own file, as the documentation of app.json has it.
  const { pages } = JSON.parse(readFileSync(path.join(source, 'app.json'), 'utf8')) as {
    readonly pages: readonly string[];
  };
  const entry = path.join(temporary, 'entry.js');
  const imports = ['app', ...pages].map((name) => JSON.stringify(path.join(source, name)));
  writeFileSync(entry, imports.map((name) => `import ${name};\n`).join(''));
  const file = path.join(temporary, 'program.js');
  buildSync({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    format: 'iife',
    target: 'es2017',
    charset: 'utf8',
    mainFields: ['module', 'main'],
    nodePaths: [nodeModules],
  });
  const remove = () => {
    rmSync(temporary, { recursive: true, force: true });
  };
  return { file, pages, remove };
}

type Definition = Record<string, unknown>;

/** What `Page()` was given, with `data` of its own and a `setData` that changes it at once. */
function alive(world: World, definition: Definition): Page {
  const clone = world.evaluate('(value) => JSON.parse(JSON.stringify(value))') as <T>(
    value: T,
  ) => T;
  const instance: Definition & { data: Record<string, unknown> } = {
    ...definition,
    data: clone((definition['data'] ?? {}) as Record<string, unknown>),
    // What goes to the view goes there as JSON.
    setData: (changes: Record<string, unknown>) => {
      Object.assign(instance.data, clone(changes));
    },
  };
  return {
    get data() {
      return instance.data;
    },
    call: async (handler, ...args) => {
      const method = instance[handler];
      if (typeof method !== 'function') throw new Error(`There is no ${handler}.`);
      return (await method.apply(instance, args)) as unknown;
    },
  };
}

/** Starts the mini program on a phone. */
export async function openProgram(build: ProgramBuild, phone: Phone): Promise<Program> {
  const world = openWorld(phone);
  const definitions: Definition[] = [];
  const visited: string[] = [];
  let app: Definition = {};
  const my = { ...world.my, navigateTo: ({ url }: { readonly url: string }) => visited.push(url) };
  world.run(build.file, {
    my,
    App: (definition: Definition) => {
      app = definition;
    },
    Page: (definition: Definition) => definitions.push(definition),
    getApp: () => app,
  });
  const running = alive(world, app);
  for (const handler of ['onLaunch', 'onShow']) {
    if (handler in app) await running.call(handler, { path: build.pages[0], query: {} });
  }
  return {
    ...world,
    visited,
    openPage: async (pagePath) => {
      // Page() is called in the order of app.json, in which the files were imported.
      const definition = definitions[build.pages.indexOf(pagePath)];
      if (!definition) throw new Error(`There is no page ${pagePath}.`);
      const page = alive(world, definition);
      for (const handler of ['onLoad', 'onShow', 'onReady']) {
        if (handler in definition) await page.call(handler, {});
      }
      return page;
    },
  };
}
