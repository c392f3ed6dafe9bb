import type { RequestContext } from '../upstream/request-context';
import type { TikiOauth } from '../providers/tiki/oauth';
import type { TikiCustomer, TikiTokens } from '../providers/tiki/schemas';
import type { AppCheck, MintAppCheck } from '../google/app-check';
import { sessionClaims } from './claims';
import { SIGNING_TIMEOUT_MS, type TokenMint } from '../google/custom-token';
import { uidOf } from './uid';

/** Custom tokens live for one hour, which Firebase fixes. */
const CUSTOM_TOKEN_SECONDS = 3_600;

/** What a request gathers on its way, for its log entry. */
export interface Trail {
  uid?: string;
  /** Why there is no App Check token, where there should be one. */
  appCheckFailure?: unknown;
  readonly ms: { tiki?: number; signing?: number };
}

export interface Identity {
  readonly uid: string;
  readonly customer: TikiCustomer;
  readonly scopes: readonly string[];
}

export interface Session extends Identity {
  readonly customToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly tikiTokens: TikiTokens;
  readonly appCheck: AppCheck | undefined;
}

export interface Login {
  /** A Tini App's auth code in, a Firebase session out. */
  exchange(code: string, context: RequestContext, trail: Trail): Promise<Session>;
  /** The same from a refresh token, without bothering the user. */
  refresh(refreshToken: string, context: RequestContext, trail: Trail): Promise<Session>;
  /** Who an access token belongs to. Mints nothing. */
  info(accessToken: string, context: RequestContext, trail: Trail): Promise<Identity>;
}

export interface LoginEffects {
  readonly tiki: TikiOauth;
  readonly mint: TokenMint;
  readonly mintAppCheck: MintAppCheck;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}

/** One login, top to bottom: Tiki, uid, claims, token. Every step throws `Problem` and no other. */
export function createLogin({ tiki, mint, mintAppCheck, elapsed }: LoginEffects): Login {
  async function timed<T>(trail: Trail, step: keyof Trail['ms'], work: () => Promise<T>) {
    const start = elapsed();
    try {
      return await work();
    } finally {
      trail.ms[step] = (trail.ms[step] ?? 0) + elapsed() - start;
    }
  }

  function identify(customer: TikiCustomer, scopes: readonly string[], trail: Trail): Identity {
    const uid = uidOf(customer.id);
    trail.uid = uid;
    return { uid, customer, scopes };
  }

  async function open(tokens: TikiTokens, context: RequestContext, trail: Trail): Promise<Session> {
    // Asking who this is must leave the time that signing may take.
    const deadline = () => context.deadline() - SIGNING_TIMEOUT_MS;
    const me = () => tiki.me(tokens.accessToken, 'issued', { ...context, deadline });
    const customer = tokens.customer ?? (await timed(trail, 'tiki', me)).customer;
    const identity = identify(customer, tokens.scopes, trail);
    const [customToken, minted] = await timed(trail, 'signing', () =>
      Promise.all([
        mint.sign(identity.uid, sessionClaims(customer.id), context),
        mintAppCheck(context),
      ]),
    );
    if (minted && 'failure' in minted) trail.appCheckFailure = minted.failure;
    const appCheck = minted && 'token' in minted ? minted.token : undefined;
    const expiresIn = CUSTOM_TOKEN_SECONDS;
    return { ...identity, customToken, expiresIn, tikiTokens: tokens, appCheck };
  }

  /** Nothing is spent at Tiki before it is known that a token can be signed, as far as it can be. */
  async function opened(
    ask: () => Promise<TikiTokens>,
    context: RequestContext,
    trail: Trail,
  ): Promise<Session> {
    await timed(trail, 'signing', () => mint.ready(context));
    const tokens = await timed(trail, 'tiki', ask);
    return open(tokens, context, trail);
  }

  return {
    exchange: (code, context, trail) =>
      opened(() => tiki.exchangeAuthCode(code, context), context, trail),
    // A refresh is documented without a customer. Should one come all the same, it is not asked
    // for its opinion: /oauth/me says whose token this is.
    refresh: (refreshToken, context, trail) =>
      opened(
        async () => ({
          ...(await tiki.refreshTokens(refreshToken, context)),
          customer: undefined,
        }),
        context,
        trail,
      ),
    info: async (accessToken, context, trail) => {
      const me = await timed(trail, 'tiki', () => tiki.me(accessToken, 'caller', context));
      return identify(me.customer, me.scopes, trail);
    },
  };
}
