import { build } from 'esbuild';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { installClientPackage } from './client-package';

const PAGE = path.join(__dirname, 'page');

/** What `/api/` consists of, beside its script: the API reference, rendered by Swagger UI. */
const API_FILES: Readonly<Record<string, string>> = {
  'index.html': path.join(PAGE, 'api', 'index.html'),
  'openapi.json': path.join(PROJECT_ROOT, 'docs', 'openapi.json'),
  'swagger-ui.css': require.resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui-bundle.js': require.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
};

/**
 * Builds the demo page into `outDir`, which is created if missing: index.html, demo.js with the
 * client library as published, demo.css and its fonts, and the API reference in `api/`. The pages load
 * nothing from the network; the demo reads `/demo-config.json`, which must be served next to it.
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
  await mkdir(path.join(outDir, 'api'), { recursive: true });
  for (const [name, file] of Object.entries(API_FILES)) {
    await copyFile(file, path.join(outDir, 'api', name));
  }
}

async function bundle(outDir: string, nodeModules: string): Promise<void> {
  await build({
    entryPoints: [
      { in: path.join(PAGE, 'main.ts'), out: 'demo' },
      { in: path.join(PAGE, 'api', 'show.ts'), out: 'api/show' },
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
