import { build } from 'esbuild';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { installClientPackage } from './client-package';

const PAGE = path.join(__dirname, 'page');

/**
 * Builds the demo page into `outDir`, which is created if missing: index.html, demo.js with the
 * client library as published, demo.css and its fonts. The page loads nothing from the network; it
 * reads `/demo-config.json`, which must be served next to it.
 */
export async function buildDemoPage(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'tiki-bridge-client-'));
  // esbuild warns of nothing below a folder of this name, such as of imports without effects.
  const nodeModules = path.join(temporary, 'node_modules');
  try {
    await installClientPackage(nodeModules);
    await bundle(outDir, nodeModules);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  await copyFile(path.join(PAGE, 'index.html'), path.join(outDir, 'index.html'));
}

async function bundle(outDir: string, nodeModules: string): Promise<void> {
  await build({
    entryPoints: [
      { in: path.join(PAGE, 'main.ts'), out: 'demo' },
      { in: path.join(PAGE, 'styles', 'demo.css'), out: 'demo' },
    ],
    assetNames: 'fonts/[name]',
    outdir: outDir,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    // Resolve the package itself, not its sources, which tsconfig.json maps for types.
    tsconfigRaw: { compilerOptions: { strict: true } },
    // The workspace has the package too, but in a fresh clone without its build.
    alias: { 'tiki-firebase-client': path.join(nodeModules, 'tiki-firebase-client') },
    loader: { '.woff2': 'file' },
    logLevel: 'warning',
  });
}
