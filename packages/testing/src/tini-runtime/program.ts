import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { PROJECT_ROOT } from '../emulators/project-files';
import type { Phone } from './phone';
import type { WebView } from './web-view';
import { openWorld, type World } from './world';

const CLIENT_FOLDER = path.join(PROJECT_ROOT, 'packages', 'tini-client');

/** A running instance of what was passed to `Page()` or `App()`. */
export interface Page {
  readonly data: Readonly<Record<string, unknown>>;
  /** Calls a handler like the view, and awaits its result. */
  readonly call: (handler: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** Opens the `<web-view>` of the page's view, at the address that it has in `data`. */
  readonly openWebView: () => WebView;
}

/** Waits until the page's data satisfies `shows`. Polls on the event loop, not on a clock. */
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
  /** The urls passed to `my.navigateTo`. */
  readonly visited: readonly string[];
}

/** A mini program compiled into one file. */
export interface ProgramBuild {
  readonly file: string;
  readonly pages: readonly string[];
  /** The txml of each page that has one. */
  readonly views: ReadonlyMap<string, string>;
  readonly remove: () => void;
}

/** Installs the client like npm: the files of package.json under the package's name. */
function installClient(nodeModules: string, dist: string): void {
  const target = path.join(nodeModules, 'tiki-firebase-client');
  const { files } = JSON.parse(readFileSync(path.join(CLIENT_FOLDER, 'package.json'), 'utf8')) as {
    readonly files: readonly string[];
  };
  mkdirSync(target, { recursive: true });
  for (const name of ['package.json', ...files]) {
    const from = name === 'dist' ? dist : path.join(CLIENT_FOLDER, name);
    cpSync(from, path.join(target, name), { recursive: true });
  }
}

/**
 * Compiles a mini program like Tini Studio: app.js and the pages of app.json, with the packages that
 * they import, resolved by webpack's rules.
 */
export function buildProgram(folder: string, clientDist: string): ProgramBuild {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'tini-program-'));
  const nodeModules = path.join(temporary, 'node_modules');
  installClient(nodeModules, clientDist);
  const source = path.join(folder, 'src');
  // Our own file, in the documented format of app.json.
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
  const views = pages.flatMap((page) => {
    const view = path.join(source, `${page}.txml`);
    return existsSync(view) ? [[page, readFileSync(view, 'utf8')] as const] : [];
  });
  return { file, pages, views: new Map(views), remove };
}

type Definition = Record<string, unknown>;

/** The only `<web-view>` of a view: its id, the field with its address, and the handler. */
function webViewOf(view: string) {
  const [element, ...more] = view.match(/<web-view\b[^>]*>/g) ?? [];
  if (element === undefined || more.length > 0) throw new Error('The view has not one web-view');
  const find = (attribute: RegExp) => {
    const [, value] = attribute.exec(element) ?? [];
    if (value === undefined) throw new Error(`${element} has no ${String(attribute)}`);
    return value;
  };
  return {
    id: find(/ id="([^"{]+)"/),
    src: find(/ src="\{\{(\w+)\}\}"/),
    onMessage: find(/ onMessage="(\w+)"/),
  };
}

/** Creates an instance with its own `data` and a synchronous `setData`. */
function instantiate(
  world: World,
  definition: Definition,
  { onSetData }: ProgramOptions,
  view = '',
): Page {
  const clone = world.evaluate('(value) => JSON.parse(JSON.stringify(value))') as <T>(
    value: T,
  ) => T;
  const instance: Definition & { data: Record<string, unknown> } = {
    ...definition,
    data: clone((definition['data'] ?? {}) as Record<string, unknown>),
    // The view gets its data as JSON.
    setData: (changes: Record<string, unknown>) => {
      Object.assign(instance.data, clone(changes));
      onSetData?.(changes);
    },
  };
  const call: Page['call'] = async (handler, ...args) => {
    const method = instance[handler];
    if (typeof method !== 'function') throw new Error(`No handler ${handler}`);
    return (await method.apply(instance, args)) as unknown;
  };
  return {
    get data() {
      return instance.data;
    },
    call,
    openWebView() {
      const { id, src, onMessage } = webViewOf(view);
      const url = instance.data[src];
      if (typeof url !== 'string') throw new Error(`No address in ${src}`);
      return world.openWebView({ id, src: url, onMessage: (event) => call(onMessage, event) });
    },
  };
}

export interface ProgramOptions {
  /** What the app gets as `my`. */
  readonly extendMy?: (my: World['my']) => World['my'];
  /** Called with each change of a page's data. */
  readonly onSetData?: (changes: Readonly<Record<string, unknown>>) => void;
}

/** Starts the mini program on a phone. */
export async function openProgram(
  build: ProgramBuild,
  phone: Phone,
  options: ProgramOptions = {},
): Promise<Program> {
  const world = openWorld(phone);
  const definitions: Definition[] = [];
  const visited: string[] = [];
  let app: Definition = {};
  const my = { ...world.my, navigateTo: ({ url }: { readonly url: string }) => visited.push(url) };
  world.run(build.file, {
    my: options.extendMy?.(my) ?? my,
    App: (definition: Definition) => {
      app = definition;
    },
    Page: (definition: Definition) => definitions.push(definition),
    getApp: () => app,
  });
  const running = instantiate(world, app, options);
  for (const handler of ['onLaunch', 'onShow']) {
    if (handler in app) await running.call(handler, { path: build.pages[0], query: {} });
  }
  return {
    ...world,
    visited,
    openPage: async (pagePath) => {
      // The files are imported, and Page() is called, in the order of app.json.
      const definition = definitions[build.pages.indexOf(pagePath)];
      if (!definition) throw new Error(`No page ${pagePath}`);
      const page = instantiate(world, definition, options, build.views.get(pagePath));
      for (const handler of ['onLoad', 'onShow', 'onReady']) {
        if (handler in definition) await page.call(handler, {});
      }
      return page;
    },
  };
}
