import type { RequestContext } from '../../upstream/request-context';
import { RETRY } from '../../upstream/retry';
import type { TikiClient } from './client';
import { answerOf } from './failure';
import { meAnswer, tokensAnswer, type TikiMe, type TikiTokens } from './schemas';

const SINGLE_USE_TIMEOUT_MS = 4_000;
const READ_TIMEOUT_MS = 2_000;

/** Tiki's authorisation calls. Each throws a `Problem` when it does not get its answer. */
export interface TikiOauth {
  /** `POST /oauth/auth/token`. Problem `invalid-code` when Tiki refuses the code. */
  exchangeAuthCode(code: string, context: RequestContext): Promise<TikiTokens>;
  /** `POST /oauth/auth/token/refresh`. Problem `invalid-token` when Tiki refuses the token. */
  refreshTokens(refreshToken: string, context: RequestContext): Promise<TikiTokens>;
  /**
   * `POST /oauth/me`. Problem `invalid-token` when Tiki refuses a token that the caller gave; a
   * token that Tiki itself gave a moment ago (`issued`) cannot be the caller's fault.
   */
  me(accessToken: string, from: 'caller' | 'issued', context: RequestContext): Promise<TikiMe>;
}

export function createTikiOauth(client: TikiClient): TikiOauth {
  return {
    exchangeAuthCode: async (code, context) =>
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
    refreshTokens: async (refreshToken, context) =>
      answerOf(
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
      ),
    me: async (accessToken, from, context) =>
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
        from === 'caller' ? { invalid_token: 'invalid-token' } : {},
      ),
  };
}
