import type { Persistence } from 'firebase/auth';
import { callMy, type Fields, fieldsOf, parseJson } from 'tiki-firebase-client/runtime';
import { currentUid } from './customer';
import type { Surroundings } from './my';
import type { Custody } from './resume';

const TIMEOUT_MS = 5_000;

/**
 * The session in `my` storage. That storage belongs to the app and not to the Tiki user, so a
 * session is given back to its own user alone: the uid holds the customer's id.
 *
 * The SDK wants a class without arguments to make its one instance of, with the methods that it
 * calls itself; they are not in the published type, whose only field is `type`.
 */
export function persistenceOver(surroundings: Surroundings, custody: Custody): Persistence {
  const call = (name: 'getStorage' | 'setStorage' | 'removeStorage', options: object) =>
    callMy(surroundings, name, options, TIMEOUT_MS);

  return class {
    static readonly type = 'LOCAL';
    readonly type = 'LOCAL';

    _isAvailable(): Promise<boolean> {
      return Promise.resolve(true);
    }

    async _set(key: string, value: unknown): Promise<void> {
      custody.keepsStored = false;
      custody.user = undefined;
      // A session that cannot be kept is good until the app is closed.
      await call('setStorage', { key, data: JSON.stringify(value) });
    }

    async _get(key: string): Promise<Fields | null> {
      // A missing key may be a success without data.
      const { given } = await call('getStorage', { key });
      const stored = fieldsOf(parseJson(fieldsOf(given)['data']));
      const owner = stored['uid'];
      if (!owner) return null;
      const uid = await currentUid(surroundings);
      // Then nobody can tell whose it is, and the SDK, seeing none, would tidy it away.
      custody.keepsStored = uid === undefined;
      if (owner === uid) return stored;
      if (uid !== undefined) await call('removeStorage', { key });
      return null;
    }

    async _remove(key: string): Promise<void> {
      if (custody.keepsStored) {
        // That was the SDK, tidying up once. Whoever asks next is the app, with a sign-out.
        custody.keepsStored = false;
        return;
      }
      custody.user = undefined;
      await call('removeStorage', { key });
    }

    _addListener(): void {
      // Nobody else writes to this storage.
    }

    _removeListener(): void {
      // Nobody else writes to this storage.
    }
  };
}
