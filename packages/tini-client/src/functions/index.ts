// The public API of 'tiki-firebase-client/functions'.
export { functions, type CallOptions, type FirebaseFunctions } from './functions';
export { int64, type Int64Value } from './values';
