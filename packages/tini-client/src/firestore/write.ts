import { type User } from '../auth/session';
import { type Connection } from '../connection';
import { call, guarded } from './call';
import { type Beside, encodeFields, type WireValue } from './encode';
import { FieldValue } from './field-values';
import { documentName, quoteFieldPath } from './names';
import { refuse } from './refuse';
import { type ChangesOf, type DocumentOf, type MergeOf } from './types';

/** Firestore's `Write`. */
export interface Write {
  readonly update?: { readonly name: string; readonly fields: Readonly<Record<string, WireValue>> };
  readonly delete?: string;
  /** Only checks `currentDocument`, as in Firebase's own SDK. */
  readonly verify?: string;
  readonly updateMask?: { readonly fieldPaths: readonly string[] } | undefined;
  readonly updateTransforms?: readonly WireValue[];
  readonly currentDocument?: { readonly exists?: boolean; readonly updateTime?: string };
}

/** Objects without a prototype, so that `constructor` and `__proto__` are ordinary names. */
type Maps = Record<string, unknown>;
const emptyMap = () => Object.create(null) as Maps;

const kindOf = (value: unknown) => (value instanceof FieldValue ? value.kind : '');

/**
 * `{'a.b': 1}` → `{a: {b: 1}}`, without the fields to remove. Expects that no path is a prefix of
 * another.
 */
function nested(changes: object): object {
  const root = emptyMap();
  for (const path of Object.keys(changes)) {
    if (kindOf((changes as Maps)[path]) === 'deleteField') continue;
    const names = path.split('.');
    const last = String(names.pop());
    let map = root;
    // An existing entry is a map created here for another path.
    for (const name of names) map = map[name] = (map[name] || emptyMap()) as Maps;
    map[last] = (changes as Maps)[path];
  }
  return root;
}

function updateWrite(connection: Connection, name: string, changes: object): Write {
  const paths = Object.keys(changes);
  // Two overlapping paths are ambiguous.
  const overlap = paths.find((path) => paths.some((outer) => path.startsWith(`${outer}.`)));
  if (overlap) refuse(connection, overlap);
  const beside: Beside = { mask: [], transforms: [] };
  const fields = encodeFields(connection, nested(changes), '', beside);
  // Firestore removes the fields that are in the mask only.
  const masked = paths.filter((path) => /^(deleteField)?$/.test(kindOf((changes as Maps)[path])));
  return {
    update: { name, fields },
    updateMask: { fieldPaths: masked.map(quoteFieldPath) },
    updateTransforms: beside.transforms,
    currentDocument: { exists: true },
  };
}

export interface SetOptions {
  /**
   * Keeps the fields that are not given, also those of maps. Creates the document if there is none.
   */
  readonly merge?: boolean;
}

export function setWrite(
  connection: Connection,
  name: string,
  data: object,
  { merge }: SetOptions = {},
): Write {
  const beside: Beside = { mask: [], transforms: [], deletes: merge };
  const fields = encodeFields(connection, data, '', beside);
  return {
    update: { name, fields },
    updateMask: merge ? { fieldPaths: beside.mask } : undefined,
    updateTransforms: beside.transforms,
  };
}

export interface SetDocument<Result> {
  <T extends object>(path: string, data: MergeOf<T>, options: { readonly merge: true }): Result;
  <T extends object>(path: string, data: DocumentOf<T>, options?: SetOptions): Result;
}

/** The writes of the database itself, of a batch, and of a transaction. */
export interface Writer<Result> {
  /** Creates the document or replaces it completely; with `merge`, only the given fields. */
  readonly set: SetDocument<Result>;
  /**
   * Writes these fields (`a.b`: b in map a), removes those that are `deleteField()`, and keeps
   * others; `not-found` without a document.
   */
  readonly update: <T extends object>(path: string, fields: ChangesOf<T>) => Result;
  /** Also succeeds if the document does not exist. */
  readonly delete: (path: string) => Result;
}

/** @param run Gets what builds the write, which throws for invalid arguments. */
export function createWriter<Result>(
  connection: Connection,
  run: (prepare: () => Write, path: string) => Result,
): Writer<Result> {
  const runFor = (path: string, write: (name: string) => Write) =>
    run(
      () => guarded(connection, 'invalid-argument', () => write(documentName(connection, path))),
      path,
    );
  return {
    set: (path: string, data: object, options?: SetOptions) =>
      runFor(path, (name) => setWrite(connection, name, data, options)),
    update: (path, changes) => runFor(path, (name) => updateWrite(connection, name, changes)),
    delete: (path) => runFor(path, (name) => ({ delete: name })),
  };
}

/**
 * Sends writes, together; `prepare` throws for invalid arguments.
 *
 * @param user Only as this user.
 * @param once Do not repeat them after a failure that leaves open whether they were done.
 */
export type Commit = (
  prepare: () => readonly Write[],
  user?: User,
  once?: boolean,
) => Promise<void>;

/** Whether the second of two equal writes changes nothing. */
const isRepeatable = ({ updateTransforms = [] }: Write) =>
  !updateTransforms.some((transform) => 'increment' in transform);

/**
 * Writes all or nothing. Repeated after a failure that leaves open whether it was done, unless that
 * could count an increment twice.
 */
export async function commit(
  connection: Connection,
  prepare: () => readonly Write[],
  once?: boolean,
): Promise<void> {
  const writes = guarded(connection, 'invalid-argument', prepare);
  // Firestore's answer to nothing is empty, like anybody's.
  if (!writes.length) return;
  await call(
    connection,
    () => [':commit', { writes }, once || !writes.every(isRepeatable)],
    ({ writeResults }) => {
      // The result of a deletion is an empty object.
      const isResult = (result: unknown) => typeof result === 'object' && result;
      const isComplete = Array.isArray(writeResults) && writeResults.length === writes.length;
      if (!isComplete || !writeResults.every(isResult)) throw new Error('writeResults');
    },
  );
}
