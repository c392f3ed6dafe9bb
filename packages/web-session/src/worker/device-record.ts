// What the worker remembers about this browser as a device. In IndexedDB, because a site's own worker
// that imports this one often deletes all caches but its own.

export interface DeviceRecord {
  /** Whose notifications arrive here. */
  readonly uid: string;
  /** Of the document: `projects/…/documents/users/{uid}/devices/{0..9}` */
  readonly name: string;
  /** FCM's registration token. */
  readonly token: string;
  readonly language: string;
  /** When the document was written, in epoch ms. */
  readonly writtenAt: number;
}

const NAME = 'tiki-firebase-device';
const KEY = 'device';

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(new Error(`IndexedDB failed: ${request.error?.name ?? ''}`));
    };
  });
}

async function inStore<T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(NAME);
  };
  const database = await resultOf(opening);
  try {
    return await resultOf(use(database.transaction(NAME, mode).objectStore(NAME)));
  } finally {
    database.close();
  }
}

export const readDevice = (): Promise<DeviceRecord | undefined> =>
  // Nothing but the function below writes into this database.
  inStore('readonly', (store) => store.get(KEY) as IDBRequest<DeviceRecord | undefined>);

export async function writeDevice(record: DeviceRecord): Promise<void> {
  await inStore('readwrite', (store) => store.put(record, KEY));
}

export async function clearDevice(): Promise<void> {
  await inStore('readwrite', (store) => store.delete(KEY));
}
