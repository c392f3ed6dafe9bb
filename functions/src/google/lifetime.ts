import * as z from 'zod';

const payload = z
  .string()
  .transform((text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown)
  .pipe(z.object({ exp: z.number().positive() }));

/**
 * For how long a JSON Web Token is valid, in ms from `now`. The token comes from Google or was made
 * here: it is not verified.
 *
 * @throws Error for anything else; it may quote the token.
 */
export function lifetimeOf(token: string, now: number): number {
  const parts = token.split('.');
  if (parts.length !== 3) throw new Error('not a JSON Web Token');
  return payload.parse(parts[1]).exp * 1_000 - now;
}
