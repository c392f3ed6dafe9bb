import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../project-files';

/** The files of this project that are merged into another one, by their paths here. */
export type TemplateFiles = Readonly<Record<(typeof TEMPLATE_FILES)[number], string>>;

const TEMPLATE_FILES = [
  'firestore.rules',
  'firestore.indexes.json',
  'storage.rules',
  'database.rules.json',
  'functions/.env',
] as const;

/** In the packed command line their contents; packages/cli/template.mjs puts them there. */
declare const BRIDGE_TEMPLATE: TemplateFiles | undefined;

export interface Template {
  readonly files: TemplateFiles;
  /** package.json of tiki-firebase-bridge. */
  readonly manifest: {
    readonly version: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
}

const isPacked = typeof BRIDGE_TEMPLATE !== 'undefined';

/** The folder of tiki-firebase-bridge: where it is installed, or functions/ of a checkout. */
export const PACKAGE_FOLDER = isPacked ? path.dirname(__dirname) : path.join(ROOT, 'functions');

/** Whether its lib/ is as it was packed. In a checkout it has to be built. */
export const isBuilt = isPacked;

export function readTemplate(): Template {
  const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
  const files = isPacked
    ? BRIDGE_TEMPLATE
    : // All names of the list, each with its text.
      (Object.fromEntries(TEMPLATE_FILES.map((file) => [file, read(file)])) as TemplateFiles);
  const manifest = path.join(PACKAGE_FOLDER, 'package.json');
  if (!existsSync(manifest)) throw new Error(`${manifest} is missing`);
  // Written by this project.
  return { files, manifest: JSON.parse(readFileSync(manifest, 'utf8')) as Template['manifest'] };
}
