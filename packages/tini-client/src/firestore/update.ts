import { type Connection } from '../connection';
import { encodeFields } from './encode';
import { quoteFieldPath } from './names';
import { refuse } from './refuse';
import { FieldDeletion } from './types';

/** Objects without a prototype, so that `constructor` and `__proto__` are ordinary names. */
type Maps = Record<string, unknown>;
const emptyMap = () => Object.create(null) as Maps;

/**
 * `{'a.b': 1}` → `{a: {b: 1}}`, without the fields to remove. Expects that no path is a prefix of
 * another.
 */
function nested(changes: object): object {
  const root = emptyMap();
  for (const path of Object.keys(changes)) {
    if ((changes as Maps)[path] instanceof FieldDeletion) continue;
    const names = path.split('.');
    const last = String(names.pop());
    let map = root;
    // An existing entry is a map created here for another path.
    for (const name of names) map = map[name] = (map[name] || emptyMap()) as Maps;
    map[last] = (changes as Maps)[path];
  }
  return root;
}

/** A write of some fields of an existing document. */
export function updateWrite(connection: Connection, name: string, changes: object): object {
  const paths = Object.keys(changes);
  // Two overlapping paths are ambiguous.
  const overlap = paths.find((path) => paths.some((outer) => path.startsWith(`${outer}.`)));
  if (overlap) refuse(connection, overlap);
  return {
    update: { name, fields: encodeFields(connection, nested(changes)) },
    // Firestore removes the fields that are in the mask only.
    updateMask: { fieldPaths: paths.map(quoteFieldPath) },
    currentDocument: { exists: true },
  };
}
