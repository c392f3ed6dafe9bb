// The file `runtime` of the package: what its entries have in common. Also
// "tiki-firebase-client/runtime", which packages/tini-firebase-sdk builds on; that name exists in a
// checkout only, by "paths" of tsconfig.base.json, and the published package does not export it.
export { decodeBase64, encodeBase64 } from '../base64';
export { ENDING, TikiFirebaseError } from '../errors';
export { merge } from '../merge';
export { type Fields, fieldsOf, firstOf, parseJson, readAnswer } from './answer';
export { type Caller, callMy, LATE } from './call-my';
export { type Context } from './context';
export { createCustomerQuestions } from './customer';
export { exactCustomerId } from './customer-id';
export { dataOf } from './data-of';
export { send } from './http';
export { type My } from './my';
export { withRetry } from './retry';
export { createStorage } from './storage';
