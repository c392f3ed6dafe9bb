import * as z from 'zod';
import { listed } from '../../config';
import { pathOf, type IncomingRequest } from '../../http/request';
import type { Operations, Route } from '../../http/serve';

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

export const VALIDATION_PATH = '/tiki-validation-code/**';

/**
 * The route of the file that proves to Tini Console that the developer owns the domain. Without Hosting
 * each function that a Tini App calls has a domain of its own.
 *
 * @param filesOf Called with each request.
 */
export function validationRoute(filesOf: () => ValidationFiles): Route {
  function operationsAt(request: IncomingRequest): Operations | undefined {
    const code = PATH.exec(pathOf(request))?.[1];
    const file = code === undefined ? undefined : filesOf().get(code);
    if (file === undefined) return undefined;
    const answer = {
      status: 200,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: file,
    };
    return { GET: { name: 'tiki-validation-code', run: () => Promise.resolve({ answer }) } };
  }
  return { source: VALIDATION_PATH, operationsAt };
}
