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
}

/** What `deleteField()` returns. */
export class FieldDeletion {
  declare private readonly kind: 'FieldDeletion';
}

/** As the value of a field in `update`: removes the field. */
export const deleteField = () => new FieldDeletion();

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
  | readonly FirestoreValue[]
  | FirestoreData;

export interface FirestoreData {
  readonly [field: string]: FirestoreValue;
}

/**
 * T with every field that cannot be stored, such as a method, replaced by `never`. Needed for
 * interfaces, which have no index signature and therefore do not extend FirestoreData.
 */
export type Storable<T> = T extends FirestoreValue
  ? T
  : T extends FieldDeletion | ((...given: never) => unknown)
    ? never
    : T extends object
      ? { readonly [Field in keyof T]: Storable<T[Field]> }
      : never;

/** The content of a document: fields by name. */
export type DocumentOf<T> =
  FirestoreData | (T & (T extends Date | Uint8Array | readonly unknown[] ? never : Storable<T>));

/** The changes of an `update`: values or `deleteField()` by field path. */
export type ChangesOf<T> =
  | { readonly [path: string]: FirestoreValue | FieldDeletion }
  | (T & { readonly [Field in keyof T]: FieldDeletion | Storable<T[Field]> });

export interface Snapshot {
  /** `users/tiki:1/notes/first` */
  readonly path: string;
  /** The last part of the path. */
  readonly id: string;
  readonly data: FirestoreData;
  readonly createTime: Date;
  readonly updateTime: Date;
}
