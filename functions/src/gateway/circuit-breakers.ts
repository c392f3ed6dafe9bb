import { Problem } from '../problem';
import { circuitBreaker, type CircuitBreaker, type Verdict } from '../upstream/circuit-breaker';
import type { Clock } from '../clock';
import type { UpstreamAnswer } from './forward';
import type { UpstreamName } from './upstreams';

/** Asks one of Google's services, unless it has failed too often of late. */
export type Asking = (
  upstream: UpstreamName,
  ask: () => Promise<UpstreamAnswer>,
) => Promise<UpstreamAnswer>;

/**
 * What Google refuses or answers oddly is a sign of life; a caller who hangs up is none. How long a
 * call to Firestore takes is in its caller's hands (locks, a long query), and one customer must not
 * have everybody else turned away.
 */
function verdictOn(error: unknown, upstream: UpstreamName): Verdict {
  if (!(error instanceof Problem)) return 'unknown';
  if (error.code === 'upstream-bad-response') return 'success';
  return error.code === 'upstream-timeout' && upstream === 'firestore' ? 'unknown' : 'failure';
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
      verdict = verdictOn(error, upstream);
      throw error;
    } finally {
      admission.permit(verdict);
    }
  };
}
