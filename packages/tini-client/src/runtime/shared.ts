// The entry "tiki-firebase-client/runtime": what packages/tini-firebase-sdk builds on. It exists in
// a checkout only; the published package has no sources.
export { decodeBase64, encodeBase64 } from '../base64';
export { type Fields, fieldsOf, parseJson, readAnswer } from './answer';
export { callMy } from './call-my';
export { type Context } from './context';
export { type My } from './my';
