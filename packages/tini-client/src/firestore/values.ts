import { type Fields } from '../runtime/answer';

/**
 * `type` in the JSON of a value, as in Firebase's own SDK: a copy made by JSON, and therefore by
 * `setData`, is recognized and not stored as a map.
 */
export const typeInJson = (name: string) => `firestore/${name}/1.0`;

/** What a value was before JSON made a map of it; undefined for any other map. */
export function valueBeforeJson({ type }: Fields): string | undefined {
  // exec converts anything else to a string.
  const [, name] = /^firestore\/(\w+)\/1\.0$/.exec(type as string) || [];
  return name;
}

/**
 * An integer beyond 2^53, as a decimal string. Used on all phones instead of `bigint`, which older
 * ones do not have and `setData` cannot pass to the view.
 */
export class Int64 {
  /** Makes the type nominal; same below. */
  declare private readonly kind: 'Int64';
  constructor(readonly value: string) {}
  toJSON() {
    return { type: typeInJson('int64'), value: this.value };
  }
}

/** Degrees. */
export class GeoPoint {
  declare private readonly kind: 'GeoPoint';
  constructor(
    readonly latitude: number,
    readonly longitude: number,
  ) {}
  toJSON() {
    const { latitude, longitude } = this;
    return { type: typeInJson('geoPoint'), latitude, longitude };
  }
}

/** The last part of a path; ids may have line breaks. */
export const idOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** A document of this database by path (`users/tiki:1`), or of another one by its full name. */
export class Reference {
  declare private readonly kind: 'Reference';
  constructor(readonly path: string) {}
  /** The last part of the path. */
  get id(): string {
    return idOf(this.path);
  }
  toJSON() {
    return { type: typeInJson('documentReference'), path: this.path, id: this.id };
  }
}

/** An embedding, for Firestore's vector search. */
export class VectorValue {
  declare private readonly kind: 'VectorValue';
  constructor(readonly values: readonly number[]) {}
  toArray(): number[] {
    return this.values.slice();
  }
  toJSON() {
    return { type: typeInJson('vectorValue'), values: this.values };
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
