import { type FieldDeletion, type FieldTransform, type FieldValue } from './field-values';

/**
 * An integer beyond 2^53, as a decimal string. Used on all phones instead of `bigint`, which older
 * ones do not have and `setData` cannot pass to the view.
 */
export class Int64 {
  /** Makes the type nominal; same below. */
  declare private readonly kind: 'Int64';
  constructor(readonly value: string) {}
}

/** Degrees. */
export class GeoPoint {
  declare private readonly kind: 'GeoPoint';
  constructor(
    readonly latitude: number,
    readonly longitude: number,
  ) {}
}

/** A document of this database by path (`users/tiki:1`), or of another one by its full name. */
export class Reference {
  declare private readonly kind: 'Reference';
  constructor(readonly path: string) {}
  /** The last part of the path. */
  get id(): string {
    return this.path.replace(/.*\//, '');
  }
}

/** An embedding, for Firestore's vector search. */
export class VectorValue {
  declare private readonly kind: 'VectorValue';
  constructor(readonly values: readonly number[]) {}
  toArray(): number[] {
    return this.values.slice();
  }
}

export const vector = (values: readonly number[]) => new VectorValue(values);

/**
 * What a field can hold. A `Date` has milliseconds; a `Date` object that was read also keeps
 * Firestore's microseconds and writes them back. A double without a fraction is written as an
 * integer, as in Firebase's own SDK.
 */
export type FirestoreValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Int64
  | Date
  | Uint8Array
  | GeoPoint
  | Reference
  | VectorValue
  | readonly FirestoreValue[]
  | FirestoreData;

export interface FirestoreData {
  readonly [field: string]: FirestoreValue;
}

/** Fields by name, with `serverTimestamp()` and the like as values, also inside maps. */
export interface WritableData {
  readonly [field: string]: FirestoreValue | FieldTransform | WritableData;
}

/**
 * T with every field that cannot be stored, such as a method, replaced by `never`. Needed for
 * interfaces, which have no index signature and therefore do not extend FirestoreData.
 *
 * @typeParam Other What is allowed besides values, outside of arrays.
 */
export type Storable<T, Other = FieldTransform | WritableData> = T extends FirestoreValue | Other
  ? T
  : T extends FieldValue | ((...given: never) => unknown)
    ? never
    : T extends readonly unknown[]
      ? { readonly [Index in keyof T]: Storable<T[Index], never> }
      : T extends object
        ? { readonly [Field in keyof T]: Storable<T[Field], Other> }
        : never;

/** The content of a document: fields by name. */
export type DocumentOf<T> =
  | WritableData
  | (T & (T extends Date | Uint8Array | readonly unknown[] | FieldTransform ? never : Storable<T>));

/** Fields by name, with `deleteField()` as values, also inside maps. */
export interface MergeableData {
  readonly [field: string]: FirestoreValue | FieldTransform | FieldDeletion | MergeableData;
}

/** What `set` with `merge` takes. */
export type MergeOf<T> = MergeableData | DocumentOf<T>;

/** The changes of an `update`: values or `deleteField()` by field path. */
export type ChangesOf<T> =
  | { readonly [path: string]: FirestoreValue | FieldTransform | FieldDeletion | WritableData }
  | (T & { readonly [Field in keyof T]: FieldDeletion | Storable<T[Field]> });

export interface Snapshot<T = FirestoreData> {
  /** `users/tiki:1/notes/first` */
  readonly path: string;
  /** The last part of the path. */
  readonly id: string;
  readonly data: T;
  readonly createTime: Date;
  readonly updateTime: Date;
}
