import { type Snapshot } from './types';
import { type FirestoreData } from './values';

/** The fields of each snapshot as they were read, for cursors. */
const fields = new WeakMap<Snapshot<unknown>, FirestoreData>();

export function remember(snapshot: Snapshot): Snapshot {
  fields.set(snapshot, snapshot.data);
  return snapshot;
}

/** Undefined for a copy, such as one that went through `setData`, where dates are text. */
export function fieldsRead(snapshot: Snapshot<unknown>): FirestoreData | undefined {
  return fields.get(snapshot);
}

/** A snapshot with the object that a converter made of its fields. */
export function withData<T>(snapshot: Snapshot, data: T): Snapshot<T> {
  const converted: Snapshot<T> = Object.assign({}, snapshot, { data });
  fields.set(converted, snapshot.data);
  return converted;
}
