// The public API of 'tiki-firebase-client/firestore'.
export { firestore, type Firestore, type ListOptions, type Page } from './firestore';
export { type Condition, type Query } from './query';
export {
  type ChangesOf,
  deleteField,
  type DocumentOf,
  type FieldDeletion,
  type FirestoreData,
  type FirestoreValue,
  GeoPoint,
  Int64,
  Reference,
  type Snapshot,
  type Storable,
} from './types';
