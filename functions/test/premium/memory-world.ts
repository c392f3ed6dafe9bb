import type { Claims } from '../../src/premium/account-claims';
import type { Accounts } from '../../src/premium/accounts';
import { auditEntry, type AuditEntry, type Changed } from '../../src/premium/audit';
import { isLeased, type Entitlement } from '../../src/premium/document';
import { EntitlementError } from '../../src/premium/entitlement-error';
import type { Mirror } from '../../src/premium/mirror';
import { createProject } from '../../src/premium/projection';
import { createReconcile } from '../../src/premium/reconcile';
import { createPremiumService } from '../../src/premium/service';
import type { EntitlementStore } from '../../src/premium/store';

/** Called before a call takes effect and before it returns; may delay it. */
export type Gate = (place: string) => Promise<void>;

/**
 * In-memory Firestore and Firebase Auth with a gate at every step, so that a test controls the order
 * in which concurrent calls take effect.
 */
export function memoryWorld() {
  const documents = new Map<string, Entitlement>();
  const accounts = new Map<string, Claims>();
  const mirrored = new Map<string, number | null>();
  /** All writes of claims, in the order in which they took effect. */
  const landed: Claims[] = [];
  /** The audit trail, the oldest first. */
  const audit: AuditEntry[] = [];
  const world = {
    now: 1_000_000_000_000,
    elapsed: 0,
    /** Whether sleeping advances `elapsed`; false if a gate controls the waiting. */
    sleepTakesTime: true,
    gate: ((): Promise<void> => Promise.resolve()) as Gate,
    commits: 0,
    documents,
    accounts,
    mirrored,
    landed,
    audit,
    /** As a transaction writes it. */
    note: (changed: Omit<Changed, 'now'>): void => {
      const entry = auditEntry({ ...changed, now: world.now });
      if (entry) audit.push(entry);
    },
    /** Malformed documents, which only pages return. */
    malformed: new Map<string, EntitlementError>(),
  };

  const account = (uid: string) => {
    const claims = accounts.get(uid);
    return claims && { uid, claims };
  };

  /** Firestore, Firebase Auth and Realtime Database, as called by one process. */
  function effectsOf(gate: Gate) {
    const store: EntitlementStore = {
      change: async (uid, decide) => {
        for (;;) {
          await gate('document read');
          const seen = documents.get(uid);
          const { write, result } = decide(seen, world.now);
          if (write === undefined) return result;
          await gate('document write');
          if (documents.get(uid) === seen) {
            documents.set(uid, write);
            world.commits += 1;
            world.note({ by: 'operator', uid, premium: { before: seen, after: write } });
            await gate('document written');
            return result;
          }
        }
      },
      remove: async (uid) => {
        await gate('document read');
        const stored = documents.get(uid);
        if (stored && isLeased(stored, world.now)) {
          throw new EntitlementError('projection-busy', 'leased');
        }
        await gate('document removal');
        const isDeleted = documents.delete(uid) || world.malformed.delete(uid);
        if (isDeleted) {
          world.note({ by: 'operator', uid, premium: { before: stored, after: undefined } });
        }
        return isDeleted;
      },
      page: async (after, size) => {
        await gate('page read');
        const uids = [...documents.keys(), ...world.malformed.keys()]
          .sort()
          .filter((uid) => uid > (after ?? ''));
        const entries = uids.slice(0, size).flatMap((uid) => {
          const stored = documents.get(uid) ?? world.malformed.get(uid);
          return stored ? [{ uid, stored }] : [];
        });
        return { entries, now: world.now };
      },
    };

    const auth: Accounts = {
      read: async (uid) => {
        await gate('account read');
        return account(uid);
      },
      readMany: (uids) =>
        Promise.resolve(
          new Map(uids.flatMap((uid) => [account(uid) ?? []].flat()).map((it) => [it.uid, it])),
        ),
      create: async (uid) => {
        await gate('account create');
        if (!accounts.has(uid)) accounts.set(uid, {});
      },
      remove: async (uid) => {
        await gate('account removal');
        return accounts.delete(uid);
      },
      writeClaims: async (uid, claims) => {
        await gate('claims write');
        if (!accounts.has(uid)) throw new EntitlementError('account-unavailable', 'no account');
        accounts.set(uid, claims);
        landed.push(claims);
        await gate('claims written');
      },
      list: () =>
        Promise.resolve({
          accounts: [...accounts].map(([uid, claims]) => ({ uid, claims })),
          nextPageToken: undefined,
        }),
    };

    const mirror: Mirror = {
      read: (uid) => Promise.resolve(mirrored.get(uid) ?? null),
      write: async (uid, premiumUntil) => {
        await gate('mirror write');
        mirrored.set(uid, premiumUntil);
      },
    };
    return { store, accounts: auth, mirror };
  }

  let holders = 0;
  /** Another process on the same Firestore and Firebase Auth. */
  function process(gate: Gate = (place) => world.gate(place)) {
    const effects = effectsOf(gate);
    const project = createProject({
      ...effects,
      clock: {
        now: () => world.now,
        elapsed: () => world.elapsed,
        sleep: async (ms) => {
          if (world.sleepTakesTime) world.elapsed += ms;
          await gate('sleep');
        },
      },
      random: () => 0.5,
      newHolder: () => `holder-${(holders += 1)}`,
    });
    const premium = { ...effects, project };
    return {
      project,
      service: createPremiumService(premium),
      reconcile: createReconcile(premium),
    };
  }
  return Object.assign(world, { process }, process());
}

/** A gate that holds the first call at a place until `goOn`; others pass. */
export function stopFirstAt(place: string) {
  let arrive: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const mayGo = new Promise<void>((resolve) => (goOn = resolve));
  let stopped = false;
  const gate: Gate = async (here) => {
    if (here !== place || stopped) return;
    stopped = true;
    arrive();
    await mayGo;
  };
  return {
    gate,
    arrived,
    goOn: () => {
      goOn();
    },
  };
}
