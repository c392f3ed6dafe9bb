// "tiki-firebase-client/runtime", which packages/tini-firebase-sdk builds on. It exists in a checkout
// only, by "paths" of tsconfig.base.json; the published package does not export it.
export { decodeBase64, encodeBase64 } from '../base64';
export { type Fields, fieldsOf, parseJson, readAnswer } from './answer';
export { callMy } from './call-my';
export { type Context } from './context';
export { exactCustomerId } from './customer-id';
export { type My } from './my';
