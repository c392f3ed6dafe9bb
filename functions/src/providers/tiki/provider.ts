import { RETRY } from '../../upstream/retry';
import type { Provider } from '../provider';
import type { TikiClient } from './client';
import { answerOf } from './failure';
import { meAnswer, tokensAnswer } from './schemas';

const SINGLE_USE_TIMEOUT_MS = 4_000;
const READ_TIMEOUT_MS = 2_000;

/** Tiki as a provider: its authorisation calls, and how its customers are named in Firebase. */
export function tikiProvider(client: TikiClient): Provider {
  return {
    name: 'tiki',
    uidPrefix: 'tiki:',
    customerIdClaim: 'tikiCustomerId',
    exchange: async (code, context) =>
      answerOf(
        await client.call(
          {
            path: '/oauth/auth/token',
            body: { code },
            answer: tokensAnswer,
            timeoutMs: SINGLE_USE_TIMEOUT_MS,
            retry: RETRY.singleUse,
          },
          context,
        ),
        { invalid_code: 'invalid-code' },
      ),
    refresh: async (refreshToken, context) => {
      const tokens = answerOf(
        await client.call(
          {
            path: '/oauth/auth/token/refresh',
            body: { refresh_token: refreshToken },
            answer: tokensAnswer,
            timeoutMs: SINGLE_USE_TIMEOUT_MS,
            retry: RETRY.singleUse,
          },
          context,
        ),
        { invalid_token: 'invalid-token' },
      );
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
