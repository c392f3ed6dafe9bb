import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { chmod, mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../usage-error';
import type { Edit, Project, SourceFile } from './project';

/** Sources that may export functions. */
const SOURCE = /\.([cm]?[jt]s|py)$/;
const NOT_SOURCES = new Set(['node_modules', '.git', 'venv', '.venv', '__pycache__']);
/** Bounds the search for names in a folder that holds more than functions. */
const MOST_SOURCES = 2_000;
const LARGEST_SOURCE = 1024 * 1024;

/** Some editors on Windows write it; parsers of rules and of JSON stumble over it. */
const BYTE_ORDER_MARK = '\u{feff}';

/**
 * @throws UsageError for a file that is not text in UTF-8, which would not be written as it was, or that
 *   begins with a byte order mark
 */
function readText(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) throw new UsageError(`${file} is not text in UTF-8`);
  if (!text.startsWith(BYTE_ORDER_MARK)) return text;
  throw new UsageError(`${file} begins with a byte order mark (BOM): save it as UTF-8 without it`);
}

function sourcesIn(folder: string): SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (inside: string) => {
    if (!existsSync(inside)) return;
    for (const entry of readdirSync(inside, { withFileTypes: true })) {
      const file = path.join(inside, entry.name);
      if (found.length >= MOST_SOURCES) return;
      if (entry.isDirectory()) {
        if (!NOT_SOURCES.has(entry.name)) visit(file);
      } else if (entry.isFile() && SOURCE.test(entry.name)) {
        if (lstatSync(file).size > LARGEST_SOURCE) continue;
        found.push({ path: path.relative(folder, file), text: readFileSync(file, 'utf8') });
      }
    }
  };
  visit(folder);
  return found;
}

/** A project in a folder of this computer. */
export function projectIn(root: string): Project {
  return {
    read: (file) => readText(path.join(root, file)),
    sources: (folder) => sourcesIn(path.join(root, folder)),
  };
}

/** Where a file is or would be, behind all links. @throws UsageError for a link to nothing */
function realPathOf(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  if (lstatSync(file, { throwIfNoEntry: false })) throw new UsageError(`${file} links to nothing`);
  return path.join(realPathOf(path.dirname(file)), path.basename(file));
}

/**
 * A repository may have links in the place of folders and files that would be written.
 *
 * @throws UsageError if one of the files is not in the project
 */
export function refuseOutside(root: string, files: readonly string[]): void {
  const home = realpathSync(root) + path.sep;
  const outside = files.find((file) => !realPathOf(path.join(root, file)).startsWith(home));
  if (outside !== undefined) {
    throw new UsageError(
      `${path.join(root, outside)} leads out of the project: nothing was written`,
    );
  }
}

/** Whole or not at all, whatever happens meanwhile; with the file's permissions, behind its link. */
async function replaceFile(file: string, text: string): Promise<void> {
  const real = existsSync(file) ? realpathSync(file) : file;
  const mode = existsSync(real) ? (await stat(real)).mode : undefined;
  await mkdir(path.dirname(real), { recursive: true });
  const temporary = `${real}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text);
    if (mode !== undefined) await chmod(temporary, mode & 0o777);
    await rename(temporary, real);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Folders that a deletion has left empty, up to the root of the project. */
async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  if (folder === '.' || readdirSync(path.join(root, folder)).length > 0) return;
  await rmdir(path.join(root, folder));
  await removeEmptyFolders(root, path.posix.dirname(folder));
}

/** Writes and deletes files in the order of the edits. @throws UsageError if one is not in the project */
export async function carryOutEdits(root: string, edits: readonly Edit[]): Promise<void> {
  refuseOutside(
    root,
    edits.map(({ path: file }) => file),
  );
  for (const { path: file, after } of edits) {
    if (after !== undefined) await replaceFile(path.join(root, file), after);
    else {
      await rm(path.join(root, file), { force: true });
      await removeEmptyFolders(root, path.posix.dirname(file));
    }
  }
}
