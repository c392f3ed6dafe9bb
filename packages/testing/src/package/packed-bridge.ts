import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '../emulators/project-files';

export interface PackedBridge {
  /** `tiki-firebase-bridge-<version>.tgz`, with its path. */
  readonly file: string;
  /**
   * Makes a folder whose node_modules have the packed file in them.
   *
   * @param files Content by path.
   */
  readonly installIn: (folder: string, files: Readonly<Record<string, string>>) => void;
  readonly remove: () => void;
}

const FUNCTIONS = path.join(PROJECT_ROOT, 'functions');

/** Packs a copy of `functions/` as `npm run pack:bridge` does: other tests are using lib/. */
export function packBridge(): PackedBridge {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'packed-bridge-'));
  const copy = path.join(temporary, 'functions');
  const isSource = (file: string) => !/[\\/]functions[\\/](node_modules|lib|coverage)$/.test(file);
  cpSync(FUNCTIONS, copy, { recursive: true, filter: isSource });
  symlinkSync(path.join(FUNCTIONS, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  for (const name of [
    'packages',
    'node_modules',
    'bootstrap.mjs',
    'docs',
    'infra',
    'firestore.indexes.json',
  ]) {
    symlinkSync(path.join(PROJECT_ROOT, name), path.join(temporary, name), 'junction');
  }
  execFileSync('npm', ['pack', './functions', '--silent'], {
    cwd: temporary,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const name = readdirSync(temporary).find((each) => each.endsWith('.tgz')) ?? '';
  const file = path.join(temporary, name);

  return {
    file,
    installIn: (folder, files) => {
      const modules = path.join(folder, 'node_modules');
      const installed = path.join(modules, 'tiki-firebase-bridge');
      mkdirSync(installed, { recursive: true });
      execFileSync('tar', ['-xzf', file, '--strip-components=1', '-C', installed]);
      // Instead of npm, which would need a network: the packages of our own lockfile.
      const packages = path.join(FUNCTIONS, 'node_modules');
      for (const each of readdirSync(packages)) {
        symlinkSync(path.join(packages, each), path.join(modules, each), 'junction');
      }
      for (const [at, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, at)), { recursive: true });
        writeFileSync(path.join(folder, at), text);
      }
    },
    remove: () => {
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
