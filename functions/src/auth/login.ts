import { stopwatch } from '../clock';
import type { AppCheck, MintAppCheck } from '../google/app-check';
import { SIGNING_TIMEOUT_MS, type TokenMint } from '../google/custom-token';
import type { Facts } from '../log/request-entry';
import { asProblem, type Problem } from '../problem';
import type { Customer, Provider, Tokens } from '../providers/provider';
import { uidOf } from '../uid';
import type { RequestContext } from '../upstream/request-context';

/**
 * The claims of a custom token: this fixed list and no more, only facts that stay true for as long
 * as the session lives. Claims of a custom token override account claims, survive every refresh
 * and cannot be removed before the next sign-in; an entitlement put here would outlive its
 * subscription. Entitlements are account claims.
 *
 * The customer id is a string: JSON numbers lose digits in rules and apps.
 */
export function sessionClaims(
  { name, customerIdClaim }: Pick<Provider, 'name' | 'customerIdClaim'>,
  customerId: string,
): Readonly<Record<string, string>> {
  return { provider: name, [customerIdClaim]: customerId };
}

/** Custom tokens live for one hour, which Firebase fixes. */
const CUSTOM_TOKEN_SECONDS = 3_600;

export interface Identity {
  readonly uid: string;
  readonly customer: Customer;
  readonly scopes: readonly string[];
}

export interface Session extends Identity {
  readonly customToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** The provider's own. */
  readonly tokens: Tokens;
  readonly appCheck: AppCheck | undefined;
}

/** How a login ended, with what the log should know about it in either case. */
export type Ended<T> = ({ readonly value: T } | { readonly problem: Problem }) & {
  readonly facts: Facts;
};

export interface Login {
  /** A mini app's auth code in, a Firebase session out. */
  exchange(code: string, context: RequestContext): Promise<Ended<Session>>;
  /** The same from a refresh token, without asking the user. */
  refresh(refreshToken: string, context: RequestContext): Promise<Ended<Session>>;
  /** Whose access token this is. Mints nothing. */
  info(accessToken: string, context: RequestContext): Promise<Ended<Identity>>;
}

export interface LoginEffects {
  readonly provider: Provider;
  readonly mint: TokenMint;
  /** Undefined: App Check is not used. */
  readonly mintAppCheck: MintAppCheck | undefined;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}

/** One login, top to bottom: credential, customer, uid, claims, token. */
export function createLogin({ provider, mint, mintAppCheck, elapsed }: LoginEffects): Login {
  async function open(
    ask: () => Promise<Tokens>,
    context: RequestContext,
  ): Promise<Ended<Session>> {
    const { steps, time } = stopwatch(elapsed);
    let uid: string | undefined;
    try {
      // Check that we can sign before spending the auth code.
      await time('signing', () => mint.ready(context));
      const tokens = await time(provider.name, ask);
      const customer =
        tokens.customer ?? (await time(provider.name, () => customerOf(tokens))).customer;
      const identified = uidOf(provider.uidPrefix, customer.id);
      uid = identified;
      const claims = sessionClaims(provider, customer.id);
      const [customToken, appCheck] = await time('signing', () =>
        Promise.all([mint.sign(identified, claims, context), mintAppCheck?.(context)]),
      );
      return {
        value: {
          uid,
          customer,
          scopes: tokens.scopes,
          customToken,
          expiresIn: CUSTOM_TOKEN_SECONDS,
          tokens,
          appCheck: appCheck && 'token' in appCheck ? appCheck.token : undefined,
        },
        facts: {
          uid,
          steps,
          ...(appCheck && 'failure' in appCheck && { appCheckFailure: appCheck.failure }),
        },
      };
    } catch (error) {
      return { problem: asProblem(error), facts: { uid, steps } };
    }

    /** Reserves the time that signing needs. */
    function customerOf({ accessToken }: Tokens) {
      const deadline = () => context.deadline() - SIGNING_TIMEOUT_MS;
      return provider.identify(accessToken, 'issued', { ...context, deadline });
    }
  }

  return {
    exchange: (code, context) => open(() => provider.exchange(code, context), context),
    refresh: (refreshToken, context) =>
      open(() => provider.refresh(refreshToken, context), context),
    info: async (accessToken, context) => {
      const { steps, time } = stopwatch(elapsed);
      try {
        const { customer, scopes } = await time(provider.name, () =>
          provider.identify(accessToken, 'caller', context),
        );
        const uid = uidOf(provider.uidPrefix, customer.id);
        return { value: { uid, customer, scopes }, facts: { uid, steps } };
      } catch (error) {
        return { problem: asProblem(error), facts: { steps } };
      }
    },
  };
}
