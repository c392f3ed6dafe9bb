import { type Delivery, fail, success } from './deliver';
import type { Phone } from './phone';

type StorageFunction = (phone: Phone, options: never) => Delivery | Promise<Delivery>;
type Store = Phone['encrypted'];

const FAILURE = { error: 11, errorMessage: 'storage failure' };

function read(
  { storageFails, missingKey }: Phone,
  store: Store,
  field: 'data' | 'value',
  { key }: { readonly key: string },
): Delivery {
  if (storageFails) return fail(FAILURE);
  const stored = store?.get(key);
  if (stored === undefined) return missingKey === 'fail' ? fail(FAILURE) : success({});
  return success({ [field]: JSON.parse(stored) as unknown });
}

function write(
  phone: Phone,
  store: Store,
  key: string,
  value: unknown,
): Delivery | Promise<Delivery> {
  const writeNow = () => {
    if (phone.storageFails || phone.storageFull) return fail(FAILURE);
    store?.set(key, JSON.stringify(value));
    return success();
  };
  const slow = phone.slowWrites.shift();
  return slow ? slow.then(writeNow) : writeNow();
}

/** The storage of a mini program. */
export const STORAGE: Readonly<Record<string, StorageFunction>> = {
  getStorage: (phone, options) => read(phone, phone.storage, 'data', options),
  setStorage: (phone, { key, data }: { readonly key: string; readonly data: unknown }) =>
    write(phone, phone.storage, key, data),
  removeStorage({ storage, encrypted, storageFails }, { key }: { readonly key: string }) {
    if (storageFails) return fail(FAILURE);
    storage.delete(key);
    encrypted?.delete(key);
    return success();
  },
};

/** Only where the phone has encrypted storage. */
export const ENCRYPTED_STORAGE: Readonly<Record<string, StorageFunction>> = {
  getEncryptedStorage: (phone, options) => read(phone, phone.encrypted, 'value', options),
  setEncryptedStorage: (phone, { key, value }: { readonly key: string; readonly value: unknown }) =>
    write(phone, phone.encrypted, key, value),
};
