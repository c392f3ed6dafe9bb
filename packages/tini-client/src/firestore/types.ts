/**
 * A whole number that a JavaScript number cannot hold exactly. Numbers up to 2^53 are plain
 * numbers; beyond, a decimal string in this wrapper, on every phone alike: `bigint` is missing on
 * older ones, and `setData` cannot pass it to the view.
 */
export class Int64 {
  /** Tells the type from others that have the same fields; so below. */
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

/** A document of this database, by path (`users/tiki:1`), or of another, by its full name. */
export class Reference {
  declare private readonly kind: 'Reference';
  constructor(readonly path: string) {}
}

/**
 * What a field can hold. A `Date` shows milliseconds; one that was read keeps Firestore's
 * microseconds for as long as it is that object, and brings them back when it is written. A double
 * without a fraction is written as an integer, as Firebase's own SDK does.
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
 * T, if its fields can be stored; an interface, too, which has no index signature and is therefore
 * no FirestoreData. What cannot be stored, such as a method, is `never`.
 */
export type Storable<T> = T extends FirestoreValue
  ? T
  : T extends (...given: never) => unknown
    ? never
    : T extends object
      ? { readonly [Field in keyof T]: Storable<T[Field]> }
      : never;

/** What a whole document can be: fields by name. */
export type DocumentOf<T> =
  FirestoreData | (T & (T extends Date | Uint8Array | readonly unknown[] ? never : Storable<T>));

export interface Snapshot {
  /** `users/tiki:1/notes/first` */
  readonly path: string;
  /** The last part of the path. */
  readonly id: string;
  readonly data: FirestoreData;
  readonly createTime: Date;
  readonly updateTime: Date;
}
