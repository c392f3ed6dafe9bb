import { parseJsonc } from '../../parse-json';
import type { Piece } from '../merge/pieces';
import { type Choices, needsCollection } from './choices';
import type { Template } from './template';

interface Indexes {
  readonly indexes: readonly { readonly collectionGroup: string }[];
  readonly fieldOverrides: readonly {
    readonly collectionGroup: string;
    readonly indexes: readonly unknown[];
  }[];
}

/** The indexes that the features need. */
export function indexesOf(template: Template, { features }: Choices): Indexes {
  // Our own file, which the tests read too.
  const ours = parseJsonc(template.files['firestore.indexes.json']) as Indexes;
  const isNeeded = ({ collectionGroup }: { readonly collectionGroup: string }) =>
    needsCollection(features, collectionGroup);
  return {
    indexes: ours.indexes.filter(isNeeded),
    fieldOverrides: ours.fieldOverrides.filter(isNeeded),
  };
}

export const indexPieces = (ours: Indexes, file: string): readonly Piece[] =>
  (['indexes', 'fieldOverrides'] as const).flatMap((container) =>
    ours[container].map(
      (value) => ({ kind: 'item', file, container, value: value as never }) as const,
    ),
  );

/** For a project without a file of indexes. Only queries are a reason: infra/setup.sh sets time to live. */
export function noteOnIndexes({ indexes, fieldOverrides }: Indexes): readonly string[] {
  const queried = [...indexes, ...fieldOverrides.filter((field) => field.indexes.length > 0)];
  if (queried.length === 0) return [];
  const names = queried.map(({ collectionGroup }) => collectionGroup);
  return [
    `Firestore’s indexes are not in firebase.json, and queries of ${names.join(', ')} fail without ours: ` +
      'save yours (npx firebase-tools firestore:indexes --project <project id> > firestore.indexes.json), ' +
      'add "indexes": "firestore.indexes.json" to "firestore", and run this again.',
  ];
}
