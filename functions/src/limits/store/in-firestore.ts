import type { LogEntry } from 'firebase-functions/logger';
import { type Clock, within } from '../../clock';
import type { KeptToken } from '../../google/kept-token';
import { guardedBy, type CircuitBreaker, type Guarded } from '../../upstream/circuit-breaker';
import type { HttpClient } from '../../upstream/http-client';
import type { OpenLimiter } from '../rate-limit';
import { coalesced } from './coalesced';
import { countInFirestore, type Count } from './count';
import { reportRarely } from './report-rarely';
import { UnknownProject } from './store-failure';
import { openStoreLimiter } from './store-limiter';
import { documentIds } from './window';

/** Kept short: the store is optional, but a hang delays every login. */
const COUNT_TIMEOUT_MS = 300;

export interface FirestoreSettings {
  /** Undefined only where nothing is deployed: the Firebase CLI sets it. */
  readonly projectId: string | undefined;
  /** `host:port` */
  readonly emulatorHost: string | undefined;
  /** Makes the ids of documents unreadable; see `documentIds`. */
  readonly secret: string;
  /** Access tokens. An emulator needs none. */
  readonly tokens?: KeptToken | undefined;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: (entry: LogEntry) => void;
  /** Default: its own. */
  readonly breaker?: CircuitBreaker;
  /** Milliseconds; for tests on slow machines. */
  readonly timeoutMs?: number;
}

/** The emulator's own token, which no rules apply to. */
const asOwner: KeptToken['use'] = (call) => call('owner');

/**
 * Stops using a store that keeps failing, so that not every login waits in vain. Every failure
 * counts here, refusals included: they take time and count nothing.
 *
 * @param failed Called for each failure; not for the calls that were skipped after some.
 */
export function countGuarded(
  count: Count,
  guarded: Guarded,
  failed: (error: unknown) => void,
): Count {
  return (...args) =>
    guarded({
      // One document counts one address.
      caller: args[0],
      run: async () => {
        try {
          return await count(...args);
        } catch (error) {
          failed(error);
          throw error;
        }
      },
      judge: { answer: () => 'success', error: () => 'failure' },
    });
}

/** Counts in this project's Firestore, for all instances together. */
export function inFirestore(settings: FirestoreSettings): OpenLimiter {
  const { projectId, emulatorHost, secret, tokens, http, clock, log } = settings;
  const { breaker, timeoutMs = COUNT_TIMEOUT_MS } = settings;
  const withToken = emulatorHost || !tokens ? asOwner : tokens.use;
  return (quota) => {
    const store: Count =
      projectId === undefined
        ? () => Promise.reject(new UnknownProject())
        : countInFirestore({
            origin: emulatorHost ? `http://${emulatorHost}` : 'https://firestore.googleapis.com',
            projectId,
            withToken,
            http,
            clock,
            timeoutMs,
          });
    const failed = reportRarely(projectId ?? '<project>', clock, log);
    const guarded = guardedBy(clock, 'upstream-unavailable', 'Firestore', breaker);
    const count = coalesced(countGuarded(store, guarded, failed));
    return openStoreLimiter(quota, {
      // Once more, for a request that has waited for others first.
      count: (...args) => within(timeoutMs, count(...args)),
      documentId: documentIds(secret),
      clock,
    });
  };
}
