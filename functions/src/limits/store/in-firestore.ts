import type { Credential } from 'firebase-admin/app';
import type { LogEntry } from 'firebase-functions/logger';
import type { Clock } from '../../clock';
import { keptAliveSockets } from '../../upstream/kept-alive-sockets';
import { within } from '../../upstream/within';
import { circuitBreaker } from '../../upstream/circuit-breaker';
import type { OpenLimiter } from '../rate-limit';
import { countInFirestore, type Count } from './count';
import { withBreaker } from './with-breaker';
import { reportRarely } from './report-rarely';
import { UnknownProject } from './store-failure';
import { openStoreLimiter } from './store-limiter';
import { coalesced } from './coalesced';
import { documentIds } from './window';

/** Every login waits for it, and none depends on it. */
const COUNT_TIMEOUT_MS = 300;

export interface FirestoreSettings {
  /** Undefined only where nobody has deployed: the CLI sets it. */
  readonly projectId: string | undefined;
  /** `host:port` */
  readonly emulatorHost: string | undefined;
  /** Makes the ids of documents unreadable; see `documentIds`. */
  readonly secret: string;
  /**
   * Of the account that the instance runs as. Undefined where there is none: then the default
   * credentials serve, which are everybody's, and with them a call for a token that is stuck.
   */
  readonly credential?: Credential | undefined;
  readonly clock: Clock;
  readonly log: (entry: LogEntry) => void;
  /** Milliseconds; for tests on slow machines. */
  readonly timeoutMs?: number;
}

async function accessTokenOf(own: Credential | undefined): Promise<string> {
  const credential = own ?? (await import('firebase-admin/app')).applicationDefault();
  return (await credential.getAccessToken()).access_token;
}

/** Counts in this project's Firestore, for all instances together. */
export function inFirestore(settings: FirestoreSettings): OpenLimiter {
  const { projectId, emulatorHost, secret, credential, clock, log } = settings;
  const { timeoutMs = COUNT_TIMEOUT_MS } = settings;
  return (quota) => {
    const store: Count =
      projectId === undefined
        ? () => Promise.reject(new UnknownProject())
        : countInFirestore({
            origin: emulatorHost ? `http://${emulatorHost}` : 'https://firestore.googleapis.com',
            projectId,
            accessToken: () =>
              emulatorHost ? Promise.resolve('owner') : accessTokenOf(credential),
            sockets: keptAliveSockets(clock),
            timeoutMs,
          });
    const failed = reportRarely(projectId ?? '<project>', clock, log);
    const count = coalesced(withBreaker(store, circuitBreaker(clock), failed));
    return openStoreLimiter(quota, {
      // Once more, for whoever has waited for others first.
      count: (...args) => within(timeoutMs, count(...args)),
      documentId: documentIds(secret),
      clock,
    });
  };
}
