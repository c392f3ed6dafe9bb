import { build } from 'esbuild';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';

const PAGE = path.join(__dirname, 'page');

/**
 * Builds the demo page into `outDir`, which is made when missing: index.html, demo.js with the
 * Firebase client SDK inside, demo.css and its fonts. The page needs nothing from the network; at
 * run time it reads `/demo-config.json`, which whoever serves it has to put beside it.
 */
export async function buildDemoPage(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
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
    loader: { '.woff2': 'file' },
    logLevel: 'warning',
  });
  await copyFile(path.join(PAGE, 'index.html'), path.join(outDir, 'index.html'));
}
