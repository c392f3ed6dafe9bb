import * as z from 'zod';
import { Problem, type FieldFault } from '../problem';

/** Codes and tokens are a few hundred characters; this is far beyond, and far below trouble. */
const MAX_CREDENTIAL_LENGTH = 4_096;

/** Visible ASCII: what a header could carry. No white space, no control characters. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

const credential = z
  .string({
    error: ({ input }) => (input === undefined ? 'missing' : 'not-a-string') satisfies FieldFault,
  })
  .min(1, { error: 'empty' satisfies FieldFault, abort: true })
  .max(MAX_CREDENTIAL_LENGTH, { error: 'too-long' satisfies FieldFault, abort: true })
  .regex(VISIBLE_ASCII, { error: 'bad-characters' satisfies FieldFault });

/** The credential that each route takes, by the name of its field. Other keys are ignored. */
export type CredentialField = 'code' | 'refresh_token' | 'access_token';

/**
 * Reads the one credential out of a request's body.
 *
 * @throws Problem `invalid-request` naming the field and its fault, never its value.
 */
export function readCredential(body: unknown, field: CredentialField): string {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || Buffer.isBuffer(body)) {
    throw new Problem('invalid-request', { request: { body: 'not-an-object' } });
  }
  // Own keys only: nothing that a prototype could lend.
  const value: unknown = Object.hasOwn(body, field) ? Reflect.get(body, field) : undefined;
  const result = credential.safeParse(value);
  if (result.success) return result.data;
  // The messages of `credential` are faults, and there is at least one where parsing failed.
  const fault = result.error.issues[0]?.message as FieldFault;
  throw new Problem('invalid-request', { request: { field, fault } });
}
