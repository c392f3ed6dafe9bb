// The public API of 'tiki-firebase-client/firestore'.
export { type WriteBatch } from './batch';
export { isoText } from './date-text';
export {
  arrayRemove,
  arrayUnion,
  deleteField,
  type FieldDeletion,
  type FieldTransform,
  type FieldValue,
  increment,
  serverTimestamp,
} from './field-values';
export { and, type CompositeFilter, type Condition, type Filter, or } from './filter';
export { firestore, type Firestore } from './firestore';
export { type Order } from './order';
export { collectionGroup, type CollectionGroup, type Cursor, type Query } from './query';
export { type ListOptions, type Page } from './read';
export { type Source } from './source';
export {
  type ChangesOf,
  type DocumentOf,
  type MergeableData,
  type MergeOf,
  type Snapshot,
  type Storable,
  type WritableData,
} from './types';
export {
  type FirestoreData,
  type FirestoreValue,
  GeoPoint,
  Int64,
  Reference,
  vector,
  VectorValue,
} from './values';
export { type SetDocument, type SetOptions, type Writer } from './write';
