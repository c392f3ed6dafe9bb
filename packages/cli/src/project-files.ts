import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Otherwise this is the packed command line. */
export const IS_CHECKOUT = existsSync(path.join(__dirname, 'main.ts'));

/** The checkout; of the packed command line the project that it is called in. */
export const ROOT = IS_CHECKOUT ? path.resolve(__dirname, '../../..') : process.cwd();

/** A file of the project by its path from the root, with "/"; undefined: there is none. */
export type ReadFile = (file: string) => string | undefined;

export const readFile: ReadFile = (file) => {
  const full = path.join(ROOT, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
};

/** Names of the files in a folder of the project. */
export function listFiles(folder: string): readonly string[] {
  const full = path.join(ROOT, folder);
  return existsSync(full) ? readdirSync(full) : [];
}
