import type { Persistence } from 'firebase/auth';
import { createStorage, type Fields, fieldsOf } from 'tiki-firebase-client/runtime';
import type { Customer } from './customer';
import type { Platform } from './my';
import type { WithheldSession } from './customer-checks';

/**
 * The session in `my` storage. That storage is per app, not per Tiki user, so a session is only
 * returned to its own user: the uid contains the customer's id.
 *
 * The SDK requires a class with a constructor without arguments, and calls methods that are not in
 * the published type, whose only field is `type`.
 */
export function persistenceOver(
  platform: Platform,
  customer: Customer,
  withheld: WithheldSession,
): Persistence {
  const storages = new Map<string, ReturnType<typeof createStorage>>();
  const storageOf = (key: string) => {
    const storage = storages.get(key) ?? createStorage(platform, key);
    storages.set(key, storage);
    return storage;
  };

  return class {
    static readonly type = 'LOCAL';
    readonly type = 'LOCAL';

    _isAvailable(): Promise<boolean> {
      return Promise.resolve(true);
    }

    async _set(key: string, value: object): Promise<void> {
      withheld.keepsStored = false;
      withheld.user = undefined;
      // If storage fails, the session lasts until the app is closed.
      await storageOf(key).save(value);
    }

    async _get(key: string): Promise<Fields | null> {
      const stored = fieldsOf(await storageOf(key).load());
      const owner = stored['uid'];
      if (!owner) return null;
      const uid = await customer.uid();
      // Without an answer the owner is unknown, and the SDK, which gets null, would remove the session.
      withheld.keepsStored = uid === undefined;
      if (owner === uid) return stored;
      if (uid !== undefined) await storageOf(key).save();
      return null;
    }

    async _remove(key: string): Promise<void> {
      if (withheld.keepsStored) {
        // The SDK removes once after null. The next removal is a sign-out by the app.
        withheld.keepsStored = false;
        return;
      }
      withheld.user = undefined;
      await storageOf(key).save();
    }

    _addListener(): void {
      // Nothing else writes to this storage.
    }

    _removeListener(): void {
      // Nothing else writes to this storage.
    }
  };
}
