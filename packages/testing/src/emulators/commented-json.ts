import { requireOfFirebaseCli } from './firebase-cli';

/** The part of cjson that is used here. It has no types. */
interface CommentedJson {
  parse(text: string): unknown;
}

/**
 * Reads firebase.json or .firebaserc with the Firebase CLI's own parser, which takes comments.
 *
 * @throws Error, whose message quotes the text
 * @see loadCJSON in firebase-tools/src/loadCJSON.ts
 */
export function parseCommentedJson(text: string): unknown {
  return (requireOfFirebaseCli()('cjson') as CommentedJson).parse(text);
}
