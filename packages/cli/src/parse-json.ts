import { parseCommentedJson } from '@tiki-bridge/testing/emulators/commented-json';

/** Undefined if the text is not JSON; no JSON value is undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Likewise firebase.json and .firebaserc, which may have comments. */
export function parseFirebaseFile(text: string): unknown {
  try {
    return parseCommentedJson(text);
  } catch {
    return undefined;
  }
}
