import type { Clock } from '../clock';
import type { Accounts } from './accounts';
import { isPremium, type Entitlement } from './document';
import { EntitlementError, projectionBusy } from './entitlement-error';
import { createKeyedQueue } from './keyed-queue';
import { releaseLease, settle, takeLease, type Wanted } from './lease';
import type { Mirror } from './mirror';
import type { EntitlementStore } from './store';
import { type IfMissing, type Send, writeClaims, type Written } from './write-claims';

/** How long to wait for another process that holds the lease, in ms. */
const PROJECTION_MS = 10_000;
const PAUSE_MS = { shortest: 25, longest: 250 };
/** How often another program may overwrite the claims of one projection before it fails. */
const MAX_LOSSES = 3;

export interface ProjectionEffects {
  readonly store: EntitlementStore;
  readonly accounts: Accounts;
  readonly mirror?: Mirror | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  /** Returns a unique id for each projection. */
  readonly newHolder: () => string;
}

/**
 * Writes the stored state to an account's claims; resolves when `version` or a newer one is on the
 * account, or there is no account and `ifMissing` is `skip`.
 *
 * @throws EntitlementError. The stored state is kept; a retry or the reconciliation completes the
 *   write.
 */
export type Project = (
  uid: string,
  version: Wanted['version'],
  ifMissing: IfMissing,
) => Promise<void>;

/** The stored state, and when that was, epoch ms on the store's clock. */
type State = Entitlement & { readonly now: number };

function contested(uid: string): EntitlementError {
  return new EntitlementError(
    'claims-contested',
    `Another program keeps overwriting the claims of ${uid}. It must keep premiumAccount and ` +
      'premiumUntil as it finds them',
  );
}

/**
 * Firebase Auth has no conditional writes, and claims carry no version. An older state is kept from
 * overwriting a newer one as follows:
 *
 * 1. Only the holder of the lease in the document writes; others wait.
 * 2. After a write, the holder releases the lease only if the document still has the version that
 *    was written; otherwise it writes again. No change is lost.
 * 3. A write that failed without a response may still take effect, so its lease is left to expire.
 * 4. A process that outlived its own lease finds it gone and writes again under a new one, because
 *    its late write may have overwritten a newer one.
 * 5. After a write the account is read again. If another program has overwritten the claims, they are
 *    written again, to what is on the account by then.
 *
 * The remaining case, a process that dies right after a write that took effect after its lease, is
 * found by the daily reconciliation.
 */
export function createProject(effects: ProjectionEffects): Project {
  const { store, accounts, mirror, clock, random, newHolder } = effects;
  const enqueue = createKeyedQueue();

  const pause = () => {
    const { shortest, longest } = PAUSE_MS;
    return clock.sleep(shortest + random() * (longest - shortest));
  };

  /** Best effort: a lease that cannot be released expires. */
  const release = (uid: string, holder: string) =>
    store.change(uid, (stored) => releaseLease(stored, holder)).catch(() => undefined);

  /** Writes the state to the account and to the mirror. */
  async function writeState(
    uid: string,
    holder: string,
    { state, ifMissing }: { readonly state: State; readonly ifMissing: IfMissing },
  ): Promise<Written> {
    const write = { isUnanswered: false };
    const send: Send = async (call) => {
      write.isUnanswered = true;
      await call();
      write.isUnanswered = false;
    };
    const { premiumUntil, now } = state;
    try {
      const until = isPremium(state, now) ? (premiumUntil ?? undefined) : undefined;
      const written = await writeClaims(accounts, uid, until, { ifMissing, send });
      if (mirror) await send(() => mirror.write(uid, premiumUntil));
      return written;
    } catch (error) {
      if (!write.isUnanswered) await release(uid, holder);
      throw error;
    }
  }

  /** Writes under the lease until the state, and the account with it, stays the same meanwhile. */
  async function writeAndSettle(
    uid: string,
    { holder, ifMissing }: { readonly holder: string; readonly ifMissing: IfMissing },
    first: State,
  ) {
    let losses = 0;
    for (let state = first; ;) {
      const written = await writeState(uid, holder, {
        state,
        ifMissing: state === first ? ifMissing : 'skip',
      });
      if (written === 'overwritten' && (losses += 1) === MAX_LOSSES) {
        await release(uid, holder);
        throw contested(uid);
      }
      if (written === 'overwritten') await pause();
      const version = written === 'there' ? state.version : undefined;
      const settled = await store.change(uid, (s, now) =>
        // Not settled without an account, so that repeating an interrupted grant still creates it.
        written === 'no-account'
          ? releaseLease(s, holder)
          : settle(s, now, { holder, written: version }),
      );
      if (settled.state !== 'moved') return settled.state;
      state = { ...settled.entitlement, now: settled.now };
    }
  }

  async function projectUntil(
    uid: string,
    version: Wanted['version'],
    ifMissing: IfMissing,
    end: number,
  ) {
    const holder = newHolder();
    let wanted = version;
    let losses = 0;
    do {
      const taken = await store.change(uid, (s, now) =>
        takeLease(s, now, { version: wanted, holder }),
      );
      if (taken.state === 'current') return;
      if (taken.state === 'taken') {
        const state = { ...taken.entitlement, now: taken.now };
        if ((await writeAndSettle(uid, { holder, ifMissing }, state)) === 'done') return;
        wanted = 'always';
      } else if (taken.state === 'no-document') {
        const send: Send = (call) => call();
        const written = await writeClaims(accounts, uid, undefined, { ifMissing: 'skip', send });
        await mirror?.write(uid, null);
        // Without a document there is no lease. If one exists by now, project it as well.
        const isGone = await store.change(uid, (stored) => ({ result: stored === undefined }));
        if (isGone && written !== 'overwritten') return;
        if (written === 'overwritten' && (losses += 1) === MAX_LOSSES) throw contested(uid);
        wanted = 'always';
      } else {
        await pause();
      }
    } while (clock.elapsed() < end);
    throw projectionBusy(uid);
  }

  // Queued, so that only one caller per process polls the lease and the holder is not slowed down by
  // the others. The time limit of each includes its time in the queue.
  return (uid, version, ifMissing) => {
    const end = clock.elapsed() + PROJECTION_MS;
    return enqueue(uid, () => projectUntil(uid, version, ifMissing, end));
  };
}
