import type { Fault } from './fault';

/** A customer's consent: the customer and the scopes of a code or token. */
export interface Grant {
  /** Decimal int64 as text: a JavaScript number is inexact above 2^53. */
  readonly customerId: string;
  readonly customerName: string;
  readonly scopes: readonly string[];
}

export interface Tokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Only with the scope `offline`. */
  readonly refreshToken: string | undefined;
}

export type Lookup<Found> = { readonly found: Found } | { readonly problem: string };

export interface GrantStoreOptions {
  readonly now: () => number;
  /** A new unguessable base64url string. */
  readonly randomText: () => string;
  readonly codeLifetimeMs: number;
  readonly accessTokenLifetimeMs: number;
}

export interface GrantStore {
  issueCode(grant: Grant, fault?: Fault): string;
  /** Consumes the code. */
  exchangeCode(
    code: string,
  ): Lookup<{ readonly grant: Grant; readonly tokens: Tokens; readonly fault?: Fault }>;
  /** Consumes the refresh token and returns its successor. */
  refresh(refreshToken: string): Lookup<{ readonly grant: Grant; readonly tokens: Tokens }>;
  findByAccessToken(accessToken: string): Lookup<Grant>;
}

interface IssuedCode {
  readonly grant: Grant;
  readonly fault: Fault | undefined;
  readonly expiresAt: number;
}

/** Codes and tokens in memory. Remembers used ones, so that the call log can report reuse. */
export function createGrantStore(options: GrantStoreOptions): GrantStore {
  const { now, randomText, codeLifetimeMs, accessTokenLifetimeMs } = options;
  const codes = new Map<string, IssuedCode>();
  const accessTokens = new Map<string, { readonly grant: Grant; readonly expiresAt: number }>();
  const refreshTokens = new Map<string, Grant>();
  const usedUp = new Set<string>();

  function issueTokens(grant: Grant): Tokens {
    const accessToken = randomText();
    accessTokens.set(accessToken, { grant, expiresAt: now() + accessTokenLifetimeMs });
    const refreshToken = grant.scopes.includes('offline') ? randomText() : undefined;
    if (refreshToken !== undefined) refreshTokens.set(refreshToken, grant);
    return {
      accessToken,
      expiresInSeconds: Math.floor(accessTokenLifetimeMs / 1000),
      refreshToken,
    };
  }

  return {
    issueCode(grant, fault) {
      // Tiki's codes look like two base64url strings joined by a dot.
      const code = `${randomText()}.${randomText()}`;
      codes.set(code, { grant, fault, expiresAt: now() + codeLifetimeMs });
      return code;
    },

    exchangeCode(code) {
      if (usedUp.has(code)) return { problem: 'code was already used' };
      const issued = codes.get(code);
      if (issued === undefined) return { problem: 'code was never issued' };
      if (now() >= issued.expiresAt) return { problem: 'code has expired' };
      codes.delete(code);
      usedUp.add(code);
      const { grant, fault } = issued;
      return { found: { grant, tokens: issueTokens(grant), ...(fault && { fault }) } };
    },

    refresh(refreshToken) {
      if (usedUp.has(refreshToken)) return { problem: 'refresh token was already used' };
      const grant = refreshTokens.get(refreshToken);
      if (grant === undefined) return { problem: 'refresh token was never issued' };
      refreshTokens.delete(refreshToken);
      usedUp.add(refreshToken);
      return { found: { grant, tokens: issueTokens(grant) } };
    },

    findByAccessToken(accessToken) {
      const issued = accessTokens.get(accessToken);
      if (issued === undefined) return { problem: 'access token was never issued' };
      if (now() >= issued.expiresAt) return { problem: 'access token has expired' };
      return { found: issued.grant };
    },
  };
}
