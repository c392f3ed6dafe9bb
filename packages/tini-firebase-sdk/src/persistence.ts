import type { Persistence } from 'firebase/auth';
import { callMy, type Fields, fieldsOf, parseJson } from 'tiki-firebase-client/runtime';
import { currentUid } from './customer';
import type { Platform } from './my';
import type { WithheldSession } from './customer-checks';

const TIMEOUT_MS = 5_000;

/**
 * The session in `my` storage. That storage is per app, not per Tiki user, so a session is only
 * returned to its own user: the uid contains the customer's id.
 *
 * The SDK requires a class with a constructor without arguments, and calls methods that are not in
 * the published type, whose only field is `type`.
 */
export function persistenceOver(platform: Platform, withheld: WithheldSession): Persistence {
  const call = (name: 'getStorage' | 'setStorage' | 'removeStorage', options: object) =>
    callMy(platform, name, options, TIMEOUT_MS);

  return class {
    static readonly type = 'LOCAL';
    readonly type = 'LOCAL';

    _isAvailable(): Promise<boolean> {
      return Promise.resolve(true);
    }

    async _set(key: string, value: unknown): Promise<void> {
      withheld.keepsStored = false;
      withheld.user = undefined;
      // If storage fails, the session lasts until the app is closed.
      await call('setStorage', { key, data: JSON.stringify(value) });
    }

    async _get(key: string): Promise<Fields | null> {
      // A missing key may be reported as a success without data.
      const { given } = await call('getStorage', { key });
      const stored = fieldsOf(parseJson(fieldsOf(given)['data']));
      const owner = stored['uid'];
      if (!owner) return null;
      const uid = await currentUid(platform);
      // Without an answer the owner is unknown, and the SDK, which gets null, would remove the session.
      withheld.keepsStored = uid === undefined;
      if (owner === uid) return stored;
      if (uid !== undefined) await call('removeStorage', { key });
      return null;
    }

    async _remove(key: string): Promise<void> {
      if (withheld.keepsStored) {
        // The SDK removes once after null. The next removal is a sign-out by the app.
        withheld.keepsStored = false;
        return;
      }
      withheld.user = undefined;
      await call('removeStorage', { key });
    }

    _addListener(): void {
      // Nothing else writes to this storage.
    }

    _removeListener(): void {
      // Nothing else writes to this storage.
    }
  };
}
