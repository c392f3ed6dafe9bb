import type { Clock } from '../clock';
import { keptToken, type FetchedToken, type KeptToken } from './kept-token';

/** OAuth 2.0 scope of every Google Cloud API; IAM roles decide what the account may do with it. */
export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Where tokens come from: a key, the metadata server, IAM for another account, or the default
 * credentials of a developer's machine. Nothing is cached here. Every call must settle: all callers
 * wait for the one in progress.
 */
export interface TokenSource {
  /** Of the service account. Rejects where there is none, such as with a person's own login. */
  readonly email: () => Promise<string>;
  readonly accessToken: (scopes: readonly string[]) => Promise<FetchedToken>;
  readonly idToken: (audience: string) => Promise<FetchedToken>;
  /** @throws NoKey where the key is not here. */
  readonly jwtAccessToken: (audience: string) => Promise<FetchedToken>;
}

/** In the form of the Apigee extension for Google authentication. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  /** In whole seconds: at least ten. */
  readonly expiresInSec: number;
}

/** There is no key here to sign a token with. */
export class NoKey extends Error {
  override readonly name = 'NoKey';

  constructor() {
    super('self-signed tokens need a key file: use an access token instead');
  }
}

/** A person's own login: Google gives ID tokens to service accounts. */
export class NoIdTokens extends Error {
  override readonly name = 'NoIdTokens';

  constructor() {
    super("a person's own login gives no ID tokens");
  }
}

/** `TokenSource.jwtAccessToken` of a source without a key. */
export const withoutKey = (): Promise<never> => Promise.reject(new NoKey());

/** Tokens for Google's services. Each is kept until shortly before it expires; see {@link keptToken}. */
export interface Credentials {
  readonly email: () => Promise<string>;
  /** OAuth 2.0, for Google's APIs. Without scopes: {@link CLOUD_PLATFORM}. */
  readonly accessToken: (scopes?: readonly string[]) => Promise<TokenAnswer>;
  /**
   * For Google's APIs as well, signed here instead of fetched.
   *
   * @param audience The API's address with its slash, such as `https://firestore.googleapis.com/`.
   * @throws NoKey where the key is not here.
   */
  readonly jwtAccessToken: (audience: string) => Promise<TokenAnswer>;
  /**
   * For one's own services behind IAM: Cloud Run, functions, Identity-Aware Proxy.
   *
   * @param audience The service's address, or the OAuth client id of the proxy.
   */
  readonly idToken: (audience: string) => Promise<TokenAnswer>;
  /** The token itself, for those who call and can see a 401. */
  readonly accessTokens: (scopes?: readonly string[]) => KeptToken;
  readonly idTokens: (audience: string) => KeptToken;
}

/** Scope sets and audiences are few, and the operator's own. */
const MAX_TOKENS = 100;

/** Keeps the tokens of one source, one for each set of scopes or audience. */
export function createCredentials(
  source: TokenSource,
  clock: Pick<Clock, 'now' | 'elapsed'>,
): Credentials {
  // Not lru-cache, which a login would have to load.
  const tokens = new Map<string, KeptToken>();

  function tokenOf(kind: string, fetch: () => Promise<FetchedToken>): KeptToken {
    const known = tokens.get(kind);
    if (known) return known;
    if (tokens.size >= MAX_TOKENS) tokens.clear();
    const added = keptToken(fetch, clock);
    tokens.set(kind, added);
    return added;
  }

  function accessTokens(scopes: readonly string[] = [CLOUD_PLATFORM]): KeptToken {
    const sorted = [...new Set(scopes)].sort();
    return tokenOf(`access ${sorted.join(' ')}`, () => source.accessToken(sorted));
  }

  const idTokens = (audience: string): KeptToken =>
    tokenOf(`id ${audience}`, () => source.idToken(audience));

  async function answer(token: KeptToken): Promise<TokenAnswer> {
    const { value, lifetimeMs } = await token.valid();
    return {
      accessToken: value,
      tokenType: 'Bearer',
      expiresInSec: Math.floor(lifetimeMs / 1_000),
    };
  }

  return {
    email: source.email,
    accessToken: (scopes) => answer(accessTokens(scopes)),
    jwtAccessToken: (audience) =>
      answer(tokenOf(`jwt ${audience}`, () => source.jwtAccessToken(audience))),
    idToken: (audience) => answer(idTokens(audience)),
    accessTokens,
    idTokens,
  };
}
