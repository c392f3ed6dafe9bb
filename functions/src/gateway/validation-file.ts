import * as z from 'zod';
import { listed } from '../config';

/** Content of the file for each code. */
export type ValidationFiles = ReadonlyMap<string, string>;

const ENTRY = /^([\w-]{1,128}):([\x21-\x2b\x2d-\x7e]{1,512})$/;

/** Comma-separated `code:content` pairs from Tini Console. */
export const validationFiles = z.string().transform((text, context) => {
  const files = new Map<string, string>();
  for (const entry of listed(text)) {
    const [, code, content] = ENTRY.exec(entry) ?? [];
    if (code === undefined || content === undefined) {
      context.addIssue('must contain only code:content pairs, separated by commas');
      return z.NEVER;
    }
    files.set(code, content);
  }
  return files;
});

const PATH = /^\/tiki-validation-code\/([\w-]{1,128})\/auth\.txt$/;

/** The file that proves to Tini Console that the developer owns the domain. */
export function validationFileAt(path: string, files: ValidationFiles): string | undefined {
  const code = PATH.exec(path)?.[1];
  return code === undefined ? undefined : files.get(code);
}
