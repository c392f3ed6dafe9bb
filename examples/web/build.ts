// npm run build, or with a folder: node bootstrap.mjs examples/web/build.ts <folder>
import { build as bundle } from 'esbuild';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Assets } from './functions/src/pages/layout';

const HERE = __dirname;
const BRIDGE = path.resolve(HERE, '..', '..', 'functions');

/** The part of Vite's manifest that is read here. */
type Manifest = Readonly<Record<string, { readonly file: string } | undefined>>;

/**
 * Builds the example into `outDir`, laid out as firebase.json beside this file says: `dist/public/`
 * for Hosting, `functions/` with the bundled function `app` and its package.json.
 */
async function buildWebExample(outDir: string): Promise<void> {
  const publicFolder = path.join(outDir, 'dist', 'public');
  const { build } = await import('vite');
  await build({
    configFile: path.join(HERE, 'vite.config.mts'),
    build: { outDir: publicFolder },
  });
  await bundleFunction(path.join(outDir, 'functions'), await readAssets(publicFolder));
  if (outDir === HERE) return;
  for (const file of ['firebase.json', 'functions/package.json']) {
    await cp(path.join(HERE, file), path.join(outDir, file));
  }
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
    // In a project of your own, npm installs both.
    alias: { 'tiki-firebase-bridge/sessions': path.join(BRIDGE, 'src', 'sessions.ts') },
    nodePaths: [path.join(BRIDGE, 'node_modules')],
    logLevel: 'warning',
  });
}

buildWebExample(path.resolve(process.argv[2] ?? HERE)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
