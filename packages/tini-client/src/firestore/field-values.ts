import { type FirestoreValue } from './values';

/** The members of Firestore's `FieldTransform` that are used here. */
type Transform = 'setToServerValue' | 'increment' | 'appendMissingElements' | 'removeAllFromArray';

/** What is written instead of a value. */
export class FieldValue {
  constructor(
    readonly kind: Transform | 'deleteField',
    /** What to add or remove. */
    readonly values: readonly FirestoreValue[],
  ) {}
}

/** What `deleteField()` returns. */
export interface FieldDeletion extends FieldValue {
  readonly kind: 'deleteField';
}

/** What `serverTimestamp()`, `increment()`, `arrayUnion()` and `arrayRemove()` return. */
export interface FieldTransform extends FieldValue {
  readonly kind: Transform;
}

// The casts below state the kind that is passed.
const transform = (kind: Transform, values: readonly FirestoreValue[]) =>
  new FieldValue(kind, values) as FieldTransform;

/** In `update` and in `set` with `merge`: removes the field. */
export const deleteField = () => new FieldValue('deleteField', []) as FieldDeletion;

/** The time at which Firestore applies the write. */
export const serverTimestamp = () => transform('setToServerValue', []);

/** Adds `n` to the field, which counts as 0 if it is missing or no number. */
export const increment = (n: number | bigint) => transform('increment', [n]);

/** Appends those values that the array does not have. Replaces a field that is no array. */
export const arrayUnion = (...values: readonly FirestoreValue[]) =>
  transform('appendMissingElements', values);

/** Removes all occurrences of these values from the array. */
export const arrayRemove = (...values: readonly FirestoreValue[]) =>
  transform('removeAllFromArray', values);
