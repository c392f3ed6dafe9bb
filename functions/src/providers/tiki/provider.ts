import * as z from 'zod';
import type { Provider, Tokens } from '../provider';
import type { TikiClient } from './client';
import { TIKI_NAMING } from './naming';
import { answerOf, successEnvelope, type CallersReasons } from './outcome';
import type { RequestContext } from '../../upstream/request-context';
import { RETRY } from '../../upstream/retry';

const INT64_MAX = 2n ** 63n - 1n;

/**
 * A Tiki customer id as it is sent: a bare JSON integer, read losslessly as `bigint`.
 * Parsed into its canonical decimal. Nothing else passes: no string, float, exponent, boolean,
 * zero or negative number, nothing above int64. A wrong id would open another customer's account.
 */
export const customerIdSchema = z
  .bigint()
  .positive()
  .max(INT64_MAX)
  .transform((id) => id.toString());

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

export const tokensAnswer = successEnvelope(tokensSchema);

/** `data` of `/oauth/me`. */
const meSchema = z
  .object({ customer_id: customerIdSchema, customer_name: customerName, scopes })
  .transform((data) => ({
    customer: { id: data.customer_id, name: data.customer_name },
    scopes: data.scopes,
  }));

export const meAnswer = successEnvelope(meSchema);

const SINGLE_USE_TIMEOUT_MS = 4_000;
const READ_TIMEOUT_MS = 2_000;

/** Tiki as a provider: its authorisation calls, and how its customers are named in Firebase. */
export function tikiProvider(client: TikiClient): Provider {
  /** Trades a credential that works once for tokens. */
  async function trade(
    path: string,
    body: Readonly<Record<string, string>>,
    callersReasons: CallersReasons,
    context: RequestContext,
  ): Promise<Tokens> {
    const call = {
      path,
      body,
      answer: tokensAnswer,
      timeoutMs: SINGLE_USE_TIMEOUT_MS,
      retry: RETRY.singleUse,
    };
    return answerOf(await client.call(call, context), callersReasons);
  }

  return {
    ...TIKI_NAMING,
    exchange: (code, context) =>
      trade('/oauth/auth/token', { code }, { invalid_code: 'invalid-code' }, context),
    refresh: async (token, context) => {
      const path = '/oauth/auth/token/refresh';
      const body = { refresh_token: token };
      const tokens = await trade(path, body, { invalid_token: 'invalid-token' }, context);
      // Documented without a customer. One that comes anyway is ignored: /oauth/me is authoritative.
      return { ...tokens, customer: undefined };
    },
    identify: async (accessToken, source, context) =>
      answerOf(
        await client.call(
          {
            path: '/oauth/me',
            body: { access_token: accessToken },
            answer: meAnswer,
            timeoutMs: READ_TIMEOUT_MS,
            retry: RETRY.read,
          },
          context,
        ),
        source === 'caller' ? { invalid_token: 'invalid-token' } : {},
      ),
  };
}
