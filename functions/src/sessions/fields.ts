import * as z from 'zod';
import { Problem, type FieldFault } from '../problem';

const MAX_LENGTH = 4_096;

const fault = (each: FieldFault): FieldFault => each;

function text(pattern: RegExp) {
  return z
    .string({
      error: ({ input }) => fault(input === undefined ? 'missing' : 'not-a-string'),
    })
    .min(1, { error: fault('empty'), abort: true })
    .max(MAX_LENGTH, { error: fault('too-long'), abort: true })
    .regex(pattern, { error: fault('malformed') });
}

/** 32 bytes in base64url. */
const random = text(/^[\w-]{43}$/);

export const handOverBody = z.object({
  challenge: random,
  origin: text(/^https?:\/\/[\w.:[\]-]{1,255}$/),
  // Shown on pages, so without control characters. Ignored otherwise: a customer with an odd name is
  // handed over all the same.
  name: text(/^\P{Cc}{1,256}$/u)
    .optional()
    .catch(undefined),
});

export const tradeBody = z.object({ code: random, verifier: random });

export const tokenBody = z.object({ customToken: text(/^[\w-]+\.[\w-]+\.[\w-]*$/) });

export const signOutBody = z.object({
  everywhere: z.boolean({ error: fault('malformed') }).default(false),
});

/**
 * Reads the fields of a body; others are ignored.
 *
 * @throws Problem `invalid-request` naming the field and its fault, never its value.
 */
export function readFields<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [field] = issue?.path ?? [];
  if (typeof field !== 'string') {
    throw new Problem('invalid-request', { request: { body: 'not-an-object' } });
  }
  // The messages of the fields above are faults.
  throw new Problem('invalid-request', { request: { field, fault: issue?.message as FieldFault } });
}

/** A custom token, or the code that is worth one. */
export function readSignIn(body: unknown): z.output<typeof tokenBody> | z.output<typeof tradeBody> {
  const isTrade = typeof body === 'object' && body !== null && Object.hasOwn(body, 'code');
  return isTrade ? readFields(tradeBody, body) : readFields(tokenBody, body);
}
