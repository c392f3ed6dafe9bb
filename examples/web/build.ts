// npm run build, or with a folder: node bootstrap.mjs examples/web/build.ts <folder>
import { build as bundle } from 'esbuild';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Assets } from './functions/src/pages/layout';

const HERE = __dirname;
const PROJECT = path.resolve(HERE, '..', '..');
const BRIDGE = path.join(PROJECT, 'functions');

/** The part of Vite's manifest that is read here. */
type Manifest = Readonly<Record<string, { readonly file: string } | undefined>>;

/**
 * Builds the example into `outDir`, laid out as firebase.json beside this file says: `dist/public/`
 * for Hosting, `functions/` with the bundled function `app` and its package.json.
 */
async function buildWebExample(outDir: string): Promise<void> {
  const publicFolder = path.join(outDir, 'dist', 'public');
  const webSession = await mkdtemp(path.join(os.tmpdir(), 'tiki-bridge-web-session-'));
  try {
    await buildWebSession(webSession);
    await buildPages(publicFolder, webSession);
    // At the site's root, because a worker is in charge of the folder that it is served from.
    const worker = 'session-worker.js';
    await cp(path.join(webSession, worker), path.join(publicFolder, worker));
  } finally {
    await rm(webSession, { recursive: true, force: true });
  }
  await bundleFunction(path.join(outDir, 'functions'), await readAssets(publicFolder));
  if (outDir === HERE) return;
  for (const file of ['firebase.json', 'functions/package.json']) {
    await cp(path.join(HERE, file), path.join(outDir, file));
  }
}

/** A fresh clone has no build of the package. In a project of your own, npm installs it built. */
async function buildWebSession(folder: string): Promise<void> {
  const script = path.join(PROJECT, 'packages', 'web-session', 'build.mjs');
  await promisify(execFile)(process.execPath, [script, '--out', folder, '--no-types']);
}

async function buildPages(publicFolder: string, webSession: string): Promise<void> {
  const { build } = await import('vite');
  const built = (file: string) => path.join(webSession, file);
  await build({
    configFile: path.join(HERE, 'vite.config.mts'),
    build: { outDir: publicFolder },
    resolve: {
      alias: [
        { find: /^tiki-firebase-web-session$/, replacement: built('session.js') },
        { find: 'tiki-firebase-web-session/hand-over', replacement: built('hand-over.js') },
        { find: 'tiki-firebase-web-session/push', replacement: built('push.js') },
      ],
    },
  });
}

/** Where Vite put what the pages link to. */
async function readAssets(publicFolder: string): Promise<Assets> {
  const text = await readFile(path.join(publicFolder, '.vite', 'manifest.json'), 'utf8');
  // Vite's documented format; a file that is not in it is an error below.
  const manifest = JSON.parse(text) as Manifest;
  const address = (source: string) => {
    const built = manifest[source];
    if (built === undefined) throw new Error(`Vite built no ${source}`);
    return `/${built.file}`;
  };
  return {
    styles: address('pages/styles/pages.css'),
    signIn: address('pages/sign-in.ts'),
    profile: address('pages/profile.ts'),
    premium: address('pages/premium.ts'),
    notifications: address('pages/notifications.ts'),
    simulatedNotifications: address('pages/simulated-notifications.ts'),
    tiniApp: address('pages/tini-app.ts'),
  };
}

async function bundleFunction(folder: string, assets: Assets): Promise<void> {
  await bundle({
    entryPoints: [path.join(HERE, 'functions', 'src', 'index.ts')],
    outfile: path.join(folder, 'lib', 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    define: { PAGE_ASSETS: JSON.stringify(assets) },
    // The bridge is built before. In a project of your own, npm installs both.
    alias: { 'tiki-firebase-bridge/sessions': path.join(BRIDGE, 'lib', 'sessions.js') },
    nodePaths: [path.join(BRIDGE, 'node_modules')],
    logLevel: 'warning',
  });
}

buildWebExample(path.resolve(process.argv[2] ?? HERE)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
