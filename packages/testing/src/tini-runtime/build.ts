import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '../emulators/project-files';

export interface Build {
  readonly folder: string;
  /** What the build script printed. */
  readonly printed: string;
  readonly remove: () => void;
}

/** Builds one of the client packages from its current sources, as it is published. */
export function buildPackage(
  name: 'tini-client' | 'tini-firebase-sdk' | 'web-session',
  flags: readonly string[] = [],
): Build {
  const folder = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  const script = path.join(PROJECT_ROOT, 'packages', name, 'build.mjs');
  const printed = execFileSync(process.execPath, [script, '--out', folder, ...flags], {
    encoding: 'utf8',
  });
  return {
    folder,
    printed,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
