import { type FieldDeletion, type FieldTransform, type FieldValue } from './field-values';
import { type FirestoreData, type FirestoreValue } from './values';

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

/**
 * `Other`, unless T is what was read. Comparing the two recursive types with each other never ends in
 * a rule of typescript-eslint 8.73, no-unsafe-class-instance-assignment.
 */
type UnlessRead<T, Other> = FirestoreData extends T ? never : Other;

/** The content of a document: fields by name. */
export type DocumentOf<T> =
  | FirestoreData
  | UnlessRead<T, WritableData>
  | (T & (T extends Date | Uint8Array | readonly unknown[] | FieldTransform ? never : Storable<T>));

/** Fields by name, with `deleteField()` as values, also inside maps. */
export interface MergeableData {
  readonly [field: string]: FirestoreValue | FieldTransform | FieldDeletion | MergeableData;
}

/** What `set` with `merge` takes. */
export type MergeOf<T> = UnlessRead<T, MergeableData> | DocumentOf<T>;

interface UpdateData {
  readonly [path: string]: FirestoreValue | FieldTransform | FieldDeletion | WritableData;
}

/** The changes of an `update`: values or `deleteField()` by field path. */
export type ChangesOf<T> =
  | FirestoreData
  | UnlessRead<T, UpdateData>
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
