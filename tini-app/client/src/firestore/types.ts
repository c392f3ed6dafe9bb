/**
 * A whole number that a JavaScript number cannot hold exactly. Numbers up to 2^53 are plain
 * numbers; beyond, a decimal string in this wrapper, on every phone alike: `bigint` is missing on
 * older ones, and `setData` cannot pass it to the view.
 */
export class Int64 {
  constructor(readonly value: string) {}
}

/** Degrees. */
export class GeoPoint {
  constructor(
    readonly latitude: number,
    readonly longitude: number,
  ) {}
}

/** A document of this database, by path (`users/tiki:1`), or of another, by its full name. */
export class Reference {
  constructor(readonly path: string) {}
}

/**
 * What a field can hold. `Date` has milliseconds, so Firestore's microseconds are cut off when
 * read. A double without a fraction is written as an integer, as Firebase's own SDK does.
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

export interface Snapshot {
  /** `users/tiki:1/notes/first` */
  readonly path: string;
  /** The last part of the path. */
  readonly id: string;
  readonly data: FirestoreData;
  readonly createTime: Date;
  readonly updateTime: Date;
}
