import { randomUUID } from 'node:crypto';

/** An OAuth 2.0 token response (RFC 6749, 5.1); `expires_in` is in seconds. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
  readonly token_type: 'Bearer';
}

/** Access tokens shared by one set of fakes: issued by one endpoint, accepted by the others. */
export interface AccessTokens {
  issue(email: string): TokenAnswer;
  /** E-mail address of a token's account; undefined if unknown or expired. */
  find(token: string): string | undefined;
}

export function createAccessTokens(options: {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly lifetimeSeconds: number;
}): AccessTokens {
  const { now, lifetimeSeconds } = options;
  const issued = new Map<string, { readonly email: string; readonly expiresAt: number }>();
  return {
    issue(email) {
      const token = `ya29.fake-${randomUUID()}`;
      issued.set(token, { email, expiresAt: now() + lifetimeSeconds * 1000 });
      return { access_token: token, expires_in: lifetimeSeconds, token_type: 'Bearer' };
    },
    find(token) {
      const known = issued.get(token);
      return known && known.expiresAt > now() ? known.email : undefined;
    },
  };
}
