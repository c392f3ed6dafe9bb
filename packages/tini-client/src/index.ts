// The package's public API.
export { createTikiFirebase, type TikiFirebase, type TikiFirebaseOptions } from './client';
export { type ErrorCode, type PurchaseOutcome, TikiFirebaseError } from './errors';
export { type AuthMethods, type IdTokenOptions, type SignInOptions } from './auth/methods';
export { type Claims } from './auth/id-token';
export { type User } from './auth/session';
export { type UserListener } from './auth/listeners';
export { type Connection } from './connection';
export { type Answer } from './runtime/answer';
export { type Platform } from './runtime/context';
export { type HttpRequest } from './runtime/http';
export { type My } from './runtime/my';
