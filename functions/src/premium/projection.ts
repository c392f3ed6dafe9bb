import type { Clock } from '../clock';
import { areSameClaims, withPremium } from './account-claims';
import type { Accounts } from './accounts';
import { EntitlementError } from './entitlement-error';
import { createKeyedQueue } from './keyed-queue';
import { releaseLease, settle, takeLease, type Wanted } from './lease';
import type { Mirror } from './mirror';
import type { EntitlementStore } from './store';

/** How long to wait for another process that holds the lease, in ms. */
const PROJECTION_MS = 10_000;
const PAUSE_MS = { shortest: 25, longest: 250 };

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
 * account.
 *
 * @throws EntitlementError. The stored state is kept; a retry or the reconciliation completes the
 *   write.
 */
export type Project = (uid: string, version: Wanted['version']) => Promise<void>;

interface State {
  readonly premiumUntil: number | null;
  /** Epoch ms on the store's clock. */
  readonly now: number;
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
 *
 * The remaining case, a process that dies right after a write that took effect after its lease, is
 * found by the daily reconciliation.
 */
export function createProject(effects: ProjectionEffects): Project {
  const { store, accounts, mirror, clock, random, newHolder } = effects;
  const enqueue = createKeyedQueue();

  /** @param onWrite Called just before a write that cannot be undone. */
  async function write(uid: string, { premiumUntil, now }: State, onWrite: () => void) {
    const entitledUntil = premiumUntil !== null && premiumUntil > now ? premiumUntil : undefined;
    let account = await accounts.read(uid);
    if (!account && entitledUntil !== undefined) {
      // Bought before the first sign-in, which will find this account and its claims.
      await accounts.create(uid);
      account = await accounts.read(uid);
      if (!account) throw new EntitlementError('account-unavailable', `${uid} was deleted`);
    }
    const claims = account && withPremium(account.claims, entitledUntil);
    if (account && claims && !areSameClaims(account.claims, claims)) {
      onWrite();
      await accounts.writeClaims(uid, claims);
    }
    if (mirror) {
      onWrite();
      await mirror.write(uid, premiumUntil);
    }
  }

  /** Writes under the lease until the document no longer changes during a write. */
  async function writeAndSettle(uid: string, holder: string, first: State & { version: number }) {
    for (let state = first; ;) {
      const progress = { sent: false };
      try {
        await write(uid, state, () => (progress.sent = true));
      } catch (error) {
        // Best effort: a lease that cannot be released expires.
        if (!progress.sent) {
          await store.change(uid, (s) => releaseLease(s, holder)).catch(() => undefined);
        }
        throw error;
      }
      const written = state.version;
      const settled = await store.change(uid, (s, now) => settle(s, now, { holder, written }));
      if (settled.state !== 'moved') return settled.state;
      state = { ...settled.entitlement, now: settled.now };
    }
  }

  async function projectUntil(uid: string, version: Wanted['version'], end: number) {
    const holder = newHolder();
    let wanted = version;
    do {
      const taken = await store.change(uid, (s, now) =>
        takeLease(s, now, { version: wanted, holder }),
      );
      if (taken.state === 'current') return;
      if (taken.state === 'taken') {
        const state = { ...taken.entitlement, now: taken.now };
        if ((await writeAndSettle(uid, holder, state)) === 'done') return;
        wanted = 'always';
      } else if (taken.state === 'no-document') {
        await write(uid, { premiumUntil: null, now: taken.now }, () => undefined);
        // Without a document there is no lease. If one exists by now, project it as well.
        if (await store.change(uid, (stored) => ({ result: stored === undefined }))) return;
        wanted = 'always';
      } else {
        const { shortest, longest } = PAUSE_MS;
        await clock.sleep(shortest + random() * (longest - shortest));
      }
    } while (clock.elapsed() < end);
    throw new EntitlementError(
      'projection-busy',
      `Another process is writing the claims of ${uid}, or died doing so. ` + 'Retry in a minute',
    );
  }

  // Queued, so that only one caller per process polls the lease and the holder is not slowed down by
  // the others. The time limit of each includes its time in the queue.
  return (uid, version) => {
    const end = clock.elapsed() + PROJECTION_MS;
    return enqueue(uid, () => projectUntil(uid, version, end));
  };
}
