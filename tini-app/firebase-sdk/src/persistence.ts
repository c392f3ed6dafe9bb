import type { Persistence } from 'firebase/auth';
import { currentUid } from './customer';
import { callMy, type My } from './my';
import type { Custody } from './resume';

const TIMEOUT_MS = 5_000;

type Stored = Readonly<Record<string, unknown>>;

function storedOf(value: unknown): Stored | undefined {
  const data: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'data') : undefined;
  try {
    const parsed: unknown = typeof data === 'string' ? JSON.parse(data) : undefined;
    // Not null, and an object: its fields are unknown.
    return typeof parsed === 'object' && parsed !== null ? (parsed as Stored) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The session in `my` storage. That storage belongs to the app and not to the Tiki user, so a
 * session is given back to its own user alone: the uid holds the customer's id.
 *
 * The SDK wants a class without arguments to make its one instance of, with the methods that it
 * calls itself; they are not in the published type, whose only field is `type`.
 */
export function persistenceOver(my: My, custody: Custody): Persistence {
  const remove = (key: string) => callMy(my, 'removeStorage', { key }, TIMEOUT_MS);

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
      await callMy(my, 'setStorage', { key, data: JSON.stringify(value) }, TIMEOUT_MS);
    }

    async _get(key: string): Promise<Stored | null> {
      // A missing key may be a success without data.
      const stored = storedOf((await callMy(my, 'getStorage', { key }, TIMEOUT_MS)).value);
      if (!stored) return null;
      const uid = await currentUid(my);
      if (uid !== undefined && stored['uid'] === uid) return stored;
      // Nobody can tell whose it is, and the SDK, seeing none, would tidy it away.
      custody.keepsStored = uid === undefined;
      if (uid !== undefined) await remove(key);
      return null;
    }

    async _remove(key: string): Promise<void> {
      if (custody.keepsStored) return;
      custody.user = undefined;
      await remove(key);
    }

    _addListener(): void {
      // Nobody else writes to this storage.
    }

    _removeListener(): void {
      // Nobody else writes to this storage.
    }
  };
}
