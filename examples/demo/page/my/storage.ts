import { fail, success, type Outcome } from './outcome';

/** The part of `localStorage` that is used. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Separates the app's data from the page's own settings in the same storage. */
const PREFIX = 'tiki-firebase-bridge-demo.my.';

/**
 * `my.getStorage`: success is `{data}`. Storage is per app, not per Tiki user, and a missing key is a
 * success without data, as on iOS.
 */
export function getStorage(storage: TextStorage, { key }: { readonly key: string }): Outcome {
  try {
    const text = storage.getItem(PREFIX + key);
    return success(text === null ? {} : { data: JSON.parse(text) as unknown });
  } catch (error) {
    return fail('storage', String(error));
  }
}

/** `my.setStorage`: takes any JSON value. */
export function setStorage(
  storage: TextStorage,
  { key, data }: { readonly key: string; readonly data?: unknown },
): Outcome {
  try {
    storage.setItem(PREFIX + key, JSON.stringify(data));
    return success({});
  } catch (error) {
    // The browser's storage is full or disabled.
    return fail('storage', String(error));
  }
}
