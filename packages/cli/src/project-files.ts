import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../../..');

/** A file of the project by its path from the root, with "/"; undefined: there is none. */
export type ReadFile = (file: string) => string | undefined;

export const readFile: ReadFile = (file) => {
  const full = path.join(ROOT, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
};

/** Names of the files in a folder of the project. */
export const listFiles = (folder: string): readonly string[] =>
  readdirSync(path.join(ROOT, folder));
