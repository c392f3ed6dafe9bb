import { Problem } from '../problem';
import { circuitBreaker, type CircuitBreaker, type Verdict } from '../protection/circuitBreaker';
import type { Clock } from '../clock';
import type { UpstreamAnswer } from './forward';
import type { UpstreamName } from './upstreams';

/** Asks one of Google's services, unless it has failed too often of late. */
export type Asking = (
  upstream: UpstreamName,
  ask: () => Promise<UpstreamAnswer>,
) => Promise<UpstreamAnswer>;

/** What Google refuses or answers oddly is a sign of life, and so is a caller who hangs up none. */
function verdictOn(error: unknown): Verdict {
  if (!(error instanceof Problem)) return 'unknown';
  return error.code === 'upstream-bad-response' ? 'success' : 'failure';
}

/** A circuit breaker for each of Google's services. */
export function withCircuitBreakers(clock: Clock): Asking {
  const breakers: Readonly<Record<UpstreamName, CircuitBreaker>> = {
    identityToolkit: circuitBreaker(clock),
    secureToken: circuitBreaker(clock),
    firestore: circuitBreaker(clock),
  };
  return async (upstream, ask) => {
    const admission = breakers[upstream].admit();
    if (!admission.permit) {
      throw new Problem('upstream-unavailable', {
        operator: {
          cause: 'This service has failed too often and is left alone for a moment',
          account: upstream,
        },
        retryAfterSeconds: Math.ceil(admission.retryAfterMs / 1_000),
      });
    }
    let verdict: Verdict = 'unknown';
    try {
      const answer = await ask();
      verdict = answer.status >= 500 ? 'failure' : 'success';
      return answer;
    } catch (error) {
      verdict = verdictOn(error);
      throw error;
    } finally {
      admission.permit(verdict);
    }
  };
}
