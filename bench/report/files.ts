import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Result } from '../results';
import { plot } from './plot';

const ROOT = resolve(__dirname, '../..');
export const JSON_FILE = 'bench/results.json';
export const PLOT_FILE = 'docs/images/bench.svg';

function write(file: string, content: string): void {
  const path = resolve(ROOT, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Replaces the results of the last complete run. */
export async function writeFiles(results: readonly Result[]): Promise<void> {
  const date = new Date().toISOString();
  const node = process.versions.node;
  const platform = `${process.platform} ${process.arch}`;
  const cores = availableParallelism();
  const json = JSON.stringify({ date, machine: { node, platform, cores }, results });
  const config = await resolveConfig(resolve(ROOT, JSON_FILE));
  write(JSON_FILE, await format(json, { ...config, parser: 'json' }));
  const caption = `${date.slice(0, 10)}, Node.js ${node}, ${platform}, ${cores} cores, medians`;
  write(PLOT_FILE, plot(results, caption));
}
