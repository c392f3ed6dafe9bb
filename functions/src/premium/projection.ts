import type { Clock } from '../clock';
import { areSameClaims, withPremium } from './account-claims';
import type { Accounts } from './accounts';
import { EntitlementError } from './entitlement-error';
import { inTurn } from './in-turn';
import { releaseLease, settle, takeLease, type Wanted } from './lease';
import type { Mirror } from './mirror';
import type { EntitlementStore } from './store';

/** How long to go on before leaving it to whoever is at work, in ms. */
const PROJECTION_MS = 10_000;
const PAUSE_MS = { shortest: 25, longest: 250 };

export interface ProjectionEffects {
  readonly store: EntitlementStore;
  readonly accounts: Accounts;
  readonly mirror?: Mirror | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  /** A name for one projection, never given twice. */
  readonly newHolder: () => string;
}

/**
 * Brings an account's claims to the stored state, and returns when `version` or a newer one is on
 * the account.
 *
 * @throws EntitlementError. What is stored stays stored; the same call again, or reconciling,
 *   finishes the work.
 */
export type Project = (uid: string, version: Wanted['version']) => Promise<void>;

interface State {
  readonly premiumUntil: number | null;
  /** Epoch ms on the store's clock. */
  readonly now: number;
}

/**
 * The claims of an account cannot be written on a condition, and carry no version. So an older
 * state is kept from landing over a newer one by this:
 *
 * 1. Only the holder of the lease in the document writes. Who finds it taken waits.
 * 2. Having written, the holder gives the lease back only if the document is still of the version
 *    that was written; else it writes again. So nobody's change is left behind.
 * 3. A write that failed without an answer may still land: its lease is left to run out.
 * 4. A process that slept through its own lease finds it gone, and then writes once more, under a
 *    new one: its late write may have landed over a newer one.
 *
 * What remains is a process that dies right after a write that lands after its lease: the daily
 * reconciling finds that.
 */
export function createProject(effects: ProjectionEffects): Project {
  const { store, accounts, mirror, clock, random, newHolder } = effects;
  const turn = inTurn();

  /** @param onWrite Told just before something is sent that cannot be taken back. */
  async function write(uid: string, { premiumUntil, now }: State, onWrite: () => void) {
    const entitledUntil = premiumUntil !== null && premiumUntil > now ? premiumUntil : undefined;
    let account = await accounts.read(uid);
    if (!account && entitledUntil !== undefined) {
      // Bought before the first sign-in. Signing in later finds the account and its claims.
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

  /** Writes under the lease until the document stays as it was written. */
  async function writeAndSettle(uid: string, holder: string, first: State & { version: number }) {
    for (let state = first; ;) {
      const trail = { sent: false };
      try {
        await write(uid, state, () => (trail.sent = true));
      } catch (error) {
        // Best effort: a lease that cannot be given back runs out by itself.
        if (!trail.sent) {
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

  async function projectInTurn(uid: string, version: Wanted['version'], end: number) {
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
        // Nothing to hold a lease in. Should there be a document now, ours came too late.
        if (await store.change(uid, (stored) => ({ result: stored === undefined }))) return;
        wanted = 'always';
      } else {
        const { shortest, longest } = PAUSE_MS;
        await clock.sleep(shortest + random() * (longest - shortest));
      }
    } while (clock.elapsed() < end);
    throw new EntitlementError(
      'projection-busy',
      `Someone else is writing the claims of ${uid}, or stopped while at it. ` +
        'A minute from now the way is free',
    );
  }

  // In turn: of those who wait in one process only one needs to ask, and then the lease's holder is
  // not held up by questions. Each one's patience counts from when it was asked.
  return (uid, version) => {
    const end = clock.elapsed() + PROJECTION_MS;
    return turn(uid, () => projectInTurn(uid, version, end));
  };
}
