import * as z from 'zod';
import { customerIdSchema } from './customer-id';
import { successEnvelope } from './outcome';

const token = z.string().min(1).max(4096);

/** Tiki's backend is written in Go, where a list without entries is encoded as `null`. */
const scopes = z
  .array(z.string().max(128))
  .max(64)
  .nullish()
  .transform((list) => list ?? []);

const customerName = z
  .string()
  .max(512)
  .nullish()
  .transform((name) => name ?? '');

const expiresIn = z
  .bigint()
  .positive()
  .max(31_536_000n)
  .transform((seconds) => Number(seconds));

export interface TikiCustomer {
  /** A positive int64 in canonical decimal. */
  readonly id: string;
  readonly name: string;
}

/** `data` of `/oauth/auth/token` and, always without `customer`, of `/oauth/auth/token/refresh`. */
const tokensSchema = z
  .object({
    access_token: token,
    expires_in: expiresIn,
    refresh_token: z.union([token, z.literal('')]).nullish(),
    scopes,
    token_type: z.string().max(32),
    // Older examples of the exchange have no customer: /oauth/me knows. One that is there but
    // malformed is an error, never a reason to ask elsewhere.
    customer: z.object({ id: customerIdSchema, name: customerName }).nullish(),
  })
  .transform((data) => ({
    accessToken: data.access_token,
    expiresIn: data.expires_in,
    refreshToken: data.refresh_token || undefined,
    scopes: data.scopes,
    tokenType: data.token_type,
    customer: data.customer ?? undefined,
  }));

export type TikiTokens = z.output<typeof tokensSchema>;
export const tokensAnswer = successEnvelope(tokensSchema);

/** `data` of `/oauth/me`. */
const meSchema = z
  .object({ customer_id: customerIdSchema, customer_name: customerName, scopes })
  .transform((data) => ({
    customer: { id: data.customer_id, name: data.customer_name },
    scopes: data.scopes,
  }));

export type TikiMe = z.output<typeof meSchema>;
export const meAnswer = successEnvelope(meSchema);
