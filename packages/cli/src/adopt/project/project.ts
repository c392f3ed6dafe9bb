/** The folder of the codebase that `init` adds, and the codebase's name. */
export const FOLDER = 'tiki-bridge';
/** What `update` and `remove` need to know; Hosting and Cloud Build never see it. */
export const RECORD_FOLDER = `${FOLDER}/.bridge`;
export const RECORD_FILE = `${RECORD_FOLDER}/written.json`;

/** A text file of the project by its path, with "/"; undefined: there is none. */
export type ReadText = (path: string) => string | undefined;

/** Whether a path names a file below the project's folder, whatever system reads it. */
export const isInside = (file: string): boolean =>
  !/^\/|^[A-Za-z]:|\\/.test(file) &&
  file.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The project that is changed. */
export interface Project {
  readonly read: ReadText;
  /** Sources of its own functions, by the folder of the codebase. */
  readonly sources: (folder: string) => readonly SourceFile[];
}

/** A file before and after. Undefined: no such file. */
export interface Edit {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What cannot be merged. */
export interface Refusal {
  readonly place: string;
  readonly why: string;
  /** What to paste or to do instead. */
  readonly instead?: string;
}
