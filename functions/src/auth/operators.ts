import { version } from '../../package.json';
import { createIdTokenVerifier } from '../google/google-id-token';
import { jsonAnswer } from '../http/answer';
import { header, type IncomingRequest } from '../http/request';
import type { Outcome } from '../http/serve';
import { openOnce } from '../lazy';
import { Problem } from '../problem';
import type { BreakerState } from '../upstream/circuit-breaker';

// Loaded with the first request of an operator: nothing of this is part of a login.

export interface OperatorOptions {
  /** Lower case. Empty: nobody. */
  readonly emails: ReadonlySet<string>;
  /** This function's own URL, which a token must be for; undefined: not deployed. */
  readonly audience: string | undefined;
  /** Undefined: not used. */
  readonly upstreams: () => Readonly<Record<string, BreakerState | undefined>>;
  /** Without these no login succeeds. */
  readonly required: readonly string[];
}

/**
 * Where the token is. Not `Authorization`: Cloud Run may remove the signature of a Google ID token that
 * it finds there: https://cloud.google.com/run/docs/authenticating/service-to-service
 */
const TOKEN_HEADER = 'x-operator-token';

/**
 * The URL of a deployed 2nd gen function, from a variable that the Firebase CLI sets for each:
 * `projects/<project>/locations/<region>/services/<function>`. Never from the `Host` header, with which
 * a token for somebody else's service would pass for one for this.
 */
export function ownUrl(source: string | undefined): string | undefined {
  const [, project, region, name] =
    /^projects\/([\w.:-]+)\/locations\/([\w-]+)\/services\/([\w-]+)$/.exec(source ?? '') ?? [];
  if (project === undefined || region === undefined || name === undefined) return undefined;
  return `https://${region}-${project}.cloudfunctions.net/${name}`;
}

/** Nobody else learns what there is. */
function refused(cause: string): Problem {
  return new Problem('not-found', { operator: { cause } });
}

/** @param openVerifier Replaces Google's library in tests. */
export function createOperators(options: OperatorOptions, openVerifier = createIdTokenVerifier) {
  const { emails, audience, upstreams, required } = options;
  const verifier = openOnce(openVerifier);

  /** @throws Problem `not-found`, `upstream-unavailable` */
  async function requireOperator(request: IncomingRequest): Promise<void> {
    if (emails.size === 0) throw refused('OPERATOR_EMAILS is empty');
    if (audience === undefined) throw refused('This function does not know its own URL');
    const token = header(request, TOKEN_HEADER);
    if (token === undefined) throw refused('The request has no X-Operator-Token');
    const verify = await verifier();
    const email = await verify(token, audience);
    if (email === undefined) {
      throw refused(`X-Operator-Token is no valid Google ID token for ${audience}`);
    }
    if (!emails.has(email.toLowerCase())) {
      throw refused('The account of X-Operator-Token is not in OPERATOR_EMAILS');
    }
  }

  return {
    /** Alive, and configured: with a wrong parameter this function answers `misconfigured`. */
    health: (): Promise<Outcome> =>
      Promise.resolve({ answer: jsonAnswer({ status: 'ok', version }) }),

    /** Whether logins can succeed, as far as this instance knows from its own calls. */
    ready: async (request: IncomingRequest): Promise<Outcome> => {
      await requireOperator(request);
      const states = upstreams();
      const isReady = required.every((name) => states[name] !== 'open');
      const named = Object.entries(states).map(([name, state]) => [name, state ?? 'not-used']);
      const body = { ready: isReady, upstreams: Object.fromEntries(named) as object };
      return { answer: { ...jsonAnswer(body), status: isReady ? 200 : 503 } };
    },
  };
}
