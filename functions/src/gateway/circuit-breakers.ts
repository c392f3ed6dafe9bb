import type { Clock } from '../clock';
import { Problem } from '../problem';
import { guardedBy, type Guarded } from '../upstream/circuit-breaker';
import { HEALTH, symptomOfStatus, type Verdict } from '../upstream/outcome';
import type { UpstreamAnswer } from './forward';
import { isJson } from './headers';
import type { UpstreamName } from '../google/upstreams';

/**
 * Calls one of Google's services, unless too many calls to it have failed.
 *
 * @param caller See `RequestContext`. Not the uid of an ID token: the gateway verifies no signature,
 *   so that every call could bring another uid.
 */
export type Asking = (
  upstream: UpstreamName,
  caller: string,
  ask: () => Promise<UpstreamAnswer>,
) => Promise<UpstreamAnswer>;

/** Google's services report errors as JSON; the proxies in front of them as text or HTML. */
function verdictOnAnswer({ status, headers }: UpstreamAnswer): Verdict {
  if (status < 400) return 'success';
  return HEALTH[symptomOfStatus(status, isJson(headers))];
}

/**
 * A malformed answer proves the upstream is alive; a caller who hangs up proves nothing. The
 * duration of a call to Firestore depends on its caller (locks, a long query): a slow one says nothing.
 */
function verdictOnError(error: unknown, upstream: UpstreamName): Verdict {
  // A problem with the caller's request, such as an upload that breaks off, says nothing either.
  if (!(error instanceof Problem && error.code.startsWith('upstream-'))) return 'unknown';
  if (error.code === 'upstream-bad-response') return 'success';
  return error.code === 'upstream-timeout' && upstream === 'firestore' ? 'unknown' : 'failure';
}

/** A circuit breaker for each of Google's services. */
export function withCircuitBreakers(clock: Pick<Clock, 'elapsed'>): Asking {
  const guard = (upstream: UpstreamName) => guardedBy(clock, 'upstream-unavailable', upstream);
  const guards: Readonly<Record<UpstreamName, Guarded>> = {
    identityToolkit: guard('identityToolkit'),
    secureToken: guard('secureToken'),
    firestore: guard('firestore'),
    storage: guard('storage'),
  };
  return (upstream, caller, run) =>
    guards[upstream]({
      caller,
      run,
      judge: { answer: verdictOnAnswer, error: (error) => verdictOnError(error, upstream) },
    });
}
