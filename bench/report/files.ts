import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { plot } from './plot';
import type { Row } from './table';

const ROOT = resolve(__dirname, '../..');
export const JSON_FILE = 'bench/results.json';
export const PLOT_FILE = 'docs/images/bench.svg';

/** Everything of one run; `machine` and `measured` are what a ratio cannot tell. */
export interface Results {
  readonly date: string;
  readonly machine: { readonly node: string; readonly platform: string; readonly cores: number };
  readonly rows: readonly Row[];
  readonly measured: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

function write(file: string, content: string): void {
  const path = resolve(ROOT, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

export async function writeFiles(results: Results): Promise<void> {
  const config = await resolveConfig(resolve(ROOT, JSON_FILE));
  write(JSON_FILE, await format(JSON.stringify(results), { ...config, parser: 'json' }));
  const { node, platform, cores } = results.machine;
  const caption = `${results.date.slice(0, 10)}, Node.js ${node}, ${platform}, ${cores} cores, medians`;
  write(PLOT_FILE, plot(results.rows, caption));
}
