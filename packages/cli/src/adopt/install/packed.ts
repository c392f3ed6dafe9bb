import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from '../../usage-error';
import { runNpm } from './npm';
import type { Packed } from '../plan/plan';
import { FOLDER } from '../project/project';
import { isBuilt, PACKAGE_FOLDER } from '../wanted/template';
import type { Written } from '../plan/record';

/** A packed file and where it is. */
export interface PackedFile extends Packed {
  readonly path: string;
}

/** Like `integrity` in a lockfile. */
const integrityOf = (file: string): string =>
  `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;

const describe = (file: string): PackedFile => ({
  file: path.basename(file),
  integrity: integrityOf(file),
  path: file,
});

/** The one in the project, if it is as it was written; undefined: it is not. */
export function packedIn(root: string, { packed }: Written): PackedFile | undefined {
  const file = path.join(root, FOLDER, packed.file);
  if (!existsSync(file)) return undefined;
  const found = describe(file);
  return found.integrity === packed.integrity ? found : undefined;
}

/**
 * Packs this package into a temporary folder, unless a packed file is named. npm packs the same bytes
 * whenever the contents are the same.
 *
 * @throws UsageError
 */
export function pack(given: string | undefined, version: string): PackedFile {
  if (given !== undefined) {
    if (!existsSync(given)) throw new UsageError(`--packed: there is no ${given}`);
    const found = describe(given);
    const name = `tiki-firebase-bridge-${version}.tgz`;
    if (found.file === name) return found;
    throw new UsageError(`--packed: this command packs with ${name}, not with ${found.file}`);
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tiki-bridge-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const scripts = isBuilt ? ['--ignore-scripts'] : [];
  const { status, output } = runNpm(PACKAGE_FOLDER, [
    'pack',
    ...scripts,
    '--pack-destination',
    folder,
  ]);
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (status === 0 && file !== undefined) return describe(path.join(folder, file));
  throw new UsageError(`npm pack failed in ${PACKAGE_FOLDER}:\n${output}`);
}
