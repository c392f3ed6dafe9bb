import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import * as bridge from '../../src/sessions/verify-session';
import { PROJECT } from './support/auth-server';
import { startSite, type TestSite } from './support/site';

// The code of docs/web.md, as a reader copies it.

const FUNCTIONS = join(__dirname, '../..');
const PAGE = readFileSync(join(FUNCTIONS, '../docs/web.md'), 'utf8');

/** The blocks below "`file`", by the file's name. */
const FILES = new Map(
  [...PAGE.matchAll(/`([\w/.-]+\.(?:mjs|tsx?))`[^`]*```\w+\n(.*?)```/gs)].map(
    ([, name = '', code = '']) => [name, code] as const,
  ),
);

/** Runs one of them, and returns its exports. */
function load(name: string, modules: Readonly<Record<string, unknown>> = {}): unknown {
  const { code } = transformSync(FILES.get(name) ?? '', {
    loader: name.endsWith('.mjs') ? 'js' : 'tsx',
    format: 'cjs',
    jsx: 'transform',
    jsxFactory: 'element',
  });
  const known: Readonly<Record<string, unknown>> = {
    'tiki-firebase-bridge/sessions': bridge,
    ...modules,
  };
  const module = { exports: {} };
  const load = (wanted: string): unknown => known[wanted] ?? jest.requireActual(wanted);
  const element = (type: string, _: null, ...children: readonly unknown[]) => ({ type, children });
  // Compiles to a function with these parameters.
  const run = compileFunction(code, ['module', 'require', 'element']) as (
    ...given: readonly unknown[]
  ) => void;
  run(module, load, element);
  return module.exports;
}

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
  site.auth.accounts.set('tiki:1001', { displayName: '<b>An</b>' });
  // What the bridge's entry reads, like the function `sessions`.
  process.env['GOOGLE_CLOUD_PROJECT'] = PROJECT;
  process.env['SESSION_KEYS'] = site.key;
});
afterAll(() => site.close());

const bearer = () => ({ Authorization: `Bearer ${site.auth.idToken('tiki:1001')}` });

it('has the files that its tests run', () => {
  expect([...FILES.keys()]).toEqual([
    'server.mjs',
    'app/api/me/route.ts',
    'app/profile/page.tsx',
    'read-as-user.mjs',
  ]);
});

describe('the server in Express', () => {
  let origin: string;
  let close: () => Promise<unknown>;
  beforeAll(async () => {
    // Express 5, which functions-framework has.
    const framework = createRequire(require.resolve('@google-cloud/functions-framework'));
    const { app } = load('server.mjs', {
      express: framework('express') as unknown,
    }) as { readonly app: RequestListener };
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => {
      server.closeAllConnections();
      return once(server.close(), 'close');
    };
  });
  afterAll(() => close());

  const ask = (path: string, headers: Readonly<Record<string, string>>, init: RequestInit = {}) =>
    fetch(origin + path, { redirect: 'manual', ...init, headers });
  const order = (headers: Readonly<Record<string, string>>, body = '') =>
    ask('/baskets', headers, { method: 'POST', body });

  it('knows the user by header and by cookie, and keeps the page out of caches', async () => {
    const { cookie, csrfToken } = await site.signIn();
    const byHeader = await ask('/profile', bearer());
    expect(await byHeader.json()).toEqual({ uid: 'tiki:1001', name: '<b>An</b>' });
    const byCookie = await ask('/profile', { Cookie: cookie });
    expect(await byCookie.json()).toMatchObject({ uid: 'tiki:1001', csrfToken });
    expect(byCookie.headers.get('cache-control')).toBe('private, no-store');
  });

  it.each([
    ['nothing', {}],
    ['a token that is none', { Authorization: 'Bearer a.b.c' }],
    ['a cookie that is none', { Cookie: '__session=a.b.c' }],
  ])('sends strangers to the start page, with %s', async (_, headers) => {
    const { status, headers: answered } = await ask('/profile', headers);
    expect([status, answered.get('location')]).toEqual([302, '/']);
    expect((await order(headers)).status).toBe(302);
  });

  it('takes orders by fetch and by form, but not from a foreign site', async () => {
    const { cookie, csrfToken } = await site.signIn();
    expect((await order(bearer())).status).toBe(201);
    expect((await order({ Cookie: cookie, 'X-CSRF-Token': csrfToken })).status).toBe(201);
    const form = { Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await order(form, `csrfToken=${csrfToken}`)).status).toBe(201);

    const other = await site.signIn();
    for (const given of ['', 'csrfToken=', `csrfToken=${other.csrfToken}`, 'csrfToken[a]=1']) {
      expect((await order(form, given)).status).toBe(403);
    }
  });
});

describe('Next.js', () => {
  it('answers for the user of the request, in a route handler', async () => {
    const { GET } = load('app/api/me/route.ts') as {
      readonly GET: (request: Request) => Promise<Response>;
    };
    const get = (headers: Readonly<Record<string, string>>) =>
      GET(new Request('https://shop.example.com/api/me', { headers }));

    const known = await get(bearer());
    expect(await known.json()).toEqual({ user: { uid: 'tiki:1001', name: '<b>An</b>' } });
    expect(known.headers.get('cache-control')).toBe('private, no-store');
    const unknown = await get({ Authorization: 'Bearer a.b.c' });
    expect([unknown.status, await unknown.json()]).toEqual([401, { user: null }]);
  });

  it('renders a page for the user, and redirects everybody else', async () => {
    let headers = new Headers();
    const { default: Profile } = load('app/profile/page.tsx', {
      'next/headers': { headers: () => Promise.resolve(headers) },
      'next/navigation': {
        redirect: (to: string) => {
          // As Next.js' own, which never returns.
          throw new Error(`redirected to ${to}`);
        },
      },
    }) as { readonly default: () => Promise<unknown> };
    await expect(Profile()).rejects.toThrow('redirected to /');
    headers = new Headers({ Cookie: (await site.signIn()).cookie });
    expect(await Profile()).toEqual({ type: 'h1', children: ['<b>An</b>'] });
  });

  it('has code of the published types', () => {
    const declared = `
      declare module 'next/headers' { export function headers(): Promise<Headers>; }
      declare module 'next/navigation' { export function redirect(to: string): never; }
      declare namespace JSX {
        interface ElementChildrenAttribute { children: unknown }
        interface IntrinsicElements { h1: { children: string | null } }
      }
      declare const React: { createElement: unknown };`;
    const folder = mkdtempSync(join(tmpdir(), 'web-docs-'));
    const files = [...FILES, ['declared.d.ts', declared] as const].flatMap(([name, code]) => {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, code);
      return /\.tsx?$/.test(name) ? [file] : [];
    });
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      jsx: ts.JsxEmit.React,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
      types: [],
      paths: { 'tiki-firebase-bridge/sessions': [join(FUNCTIONS, 'lib/sessions.d.ts')] },
    });
    const diagnostics = ts.getPreEmitDiagnostics(program);
    rmSync(folder, { recursive: true });
    expect(
      diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ).toEqual([]);
  });
});

it('says rightly that initializeServerApp throws for a token that is none', async () => {
  // firebase is a package of the root.
  const { readAsUser } = load('read-as-user.mjs') as {
    readonly readAsUser: (session: object, path: string, config: object) => Promise<unknown>;
  };
  const config = { projectId: PROJECT, apiKey: 'key' };
  await expect(readAsUser({ idToken: 'a.b.c' }, 'premiumContent/welcome', config)).rejects.toThrow(
    SyntaxError,
  );
});
