import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

/** Folders of installed packages and of build results. */
const NOT_OURS = new Set(['node_modules', 'lib', 'dist', 'coverage']);

function filesUnder(folder: string): string[] {
  return readdirSync(path.join(PROJECT_ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (!entry.isDirectory()) return [file];
    const hidden = entry.name.startsWith('.') && entry.name !== '.github';
    return hidden || NOT_OURS.has(entry.name) ? [] : filesUnder(file);
  });
}

/** The project's own files: relative to its root, with "/" on every system. */
export const PROJECT_FILES: readonly string[] = filesUnder('').sort();
