import { fail, success, type Outcome } from './outcome';

/** The part of the browser's `localStorage` that is needed. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** The page's own settings lie in the same storage. */
const PREFIX = 'tiki-firebase-bridge-demo.my.';

/**
 * `my.getStorage`: success is `{data}`. Storage belongs to the app and not to the Tiki user, and a
 * key that nothing was stored under is a success without data, as on iOS.
 */
export function getStorage(storage: TextStorage, { key }: { readonly key: string }): Outcome {
  try {
    const text = storage.getItem(PREFIX + key);
    return success(text === null ? {} : { data: JSON.parse(text) as unknown });
  } catch (error) {
    return fail('storage', String(error));
  }
}

/** `my.setStorage`: takes any value that JSON can hold. */
export function setStorage(
  storage: TextStorage,
  { key, data }: { readonly key: string; readonly data?: unknown },
): Outcome {
  try {
    storage.setItem(PREFIX + key, JSON.stringify(data));
    return success({});
  } catch (error) {
    // The browser's storage is full or switched off.
    return fail('storage', String(error));
  }
}
