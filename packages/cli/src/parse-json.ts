import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';

/** Undefined if the text is not JSON; no JSON value is undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function parsed(text: string): { readonly value: unknown; readonly error: ParseError | undefined } {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  return { value, error: errors[0] };
}

/** Likewise firebase.json and .firebaserc, which may have comments. */
export function parseJsonc(text: string): unknown {
  const { value, error } = parsed(text);
  return error ? undefined : value;
}

/** The first error of such a text, with its line; undefined: it has none. Quotes nothing. */
export function faultOfJsonc(text: string): string | undefined {
  const { error } = parsed(text);
  if (!error) return undefined;
  const line = text.slice(0, error.offset).split('\n').length;
  // "CommaExpected"
  const what = printParseErrorCode(error.error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return `line ${line}: ${what.toLowerCase()}`;
}
