import { autoId } from '../auto-id';
import { merge } from '../merge';
import { type Fields, fieldsOf } from '../runtime/answer';
import { type Context } from '../runtime/context';
import { createStorage } from '../runtime/storage';

/** A purchase from its first press until its outcome is known. */
export interface Pending {
  /** The Idempotency-Key: the server makes one order of all requests that have it. */
  readonly key: string;
  /** The order's; empty until it is known. */
  readonly reference: string;
  /** Tiki's payment was opened, and did not say that it failed. */
  readonly mayBePaid: boolean;
}

export interface PendingPurchases {
  readonly find: (uid: string, planId: string) => Promise<Pending | undefined>;
  /** Begins a purchase, in place of the one there was. */
  readonly begin: (uid: string, planId: string) => Promise<Pending>;
  readonly keep: (uid: string, planId: string, pending: Pending) => Promise<unknown>;
  /** The outcome of a purchase is known: the next press is another one. */
  readonly end: (uid: string, planId: string) => Promise<unknown>;
  /** The same, by the references of the orders. */
  readonly endAll: (references: readonly string[]) => Promise<unknown>;
}

const KEY = /^[\w-]{16,64}$/;

/**
 * The purchases whose outcome is unknown, in `my` storage: a press after a restart of the app must not
 * buy again what may be paid. Storage is per app, so each entry names its user. Where storage fails,
 * they last until the app restarts.
 */
export function createPendingPurchases(context: Context): PendingPurchases {
  const storage = createStorage(context, `tiki-firebase-payments-${context.projectId}`);
  let all: Fields = {};
  let loaded: Promise<void> | undefined;

  async function load(): Promise<void> {
    all = fieldsOf(await storage.load());
  }

  const ready = () => (loaded = loaded || load());

  const nameOf = (uid: string, planId: string) => `${uid} ${planId}`;

  async function keep(uid: string, planId: string, pending: Pending): Promise<Pending> {
    await ready();
    all = merge(all, { [nameOf(uid, planId)]: pending });
    await storage.save(all);
    return pending;
  }

  async function drop(isDropped: (name: string, reference: string) => boolean): Promise<void> {
    await ready();
    const names = Object.keys(all);
    const kept = names.filter((name) => !isDropped(name, String(fieldsOf(all[name])['reference'])));
    if (kept.length === names.length) return;
    all = kept.reduce<Fields>((rest, name) => merge(rest, { [name]: all[name] }), {});
    await storage.save(all);
  }

  return {
    async find(uid, planId) {
      await ready();
      const { key, reference, mayBePaid } = fieldsOf(all[nameOf(uid, planId)]);
      return typeof key === 'string' && KEY.test(key)
        ? { key, reference: String(reference), mayBePaid: !!mayBePaid }
        : undefined;
    },
    // Unique among one user's keys is enough: the server joins it with the user.
    begin: (uid, planId) => keep(uid, planId, { key: autoId(), reference: '', mayBePaid: false }),
    keep,
    end: (uid, planId) => drop((name) => name === nameOf(uid, planId)),
    endAll: (references) => drop((_, reference) => references.indexOf(reference) >= 0),
  };
}
