import { type Connection } from '../connection';
import { encodeFields } from './encode';
import { quoteFieldPath } from './names';
import { refuse } from './refuse';

/** Maps by name. Nothing is inherited, so `constructor` and `__proto__` are names like others. */
type Maps = Record<string, unknown>;
const emptyMap = () => Object.create(null) as Maps;

/** `{'a.b': 1}` → `{a: {b: 1}}`. No path leads through the value of another. */
function nested(changes: object): object {
  const root = emptyMap();
  for (const path of Object.keys(changes)) {
    const names = path.split('.');
    const last = String(names.pop());
    let map = root;
    // What is there already was made here, for another path.
    for (const name of names) map = map[name] = (map[name] || emptyMap()) as Maps;
    map[last] = (changes as Maps)[path];
  }
  return root;
}

/** A write of some fields of a document that must be there. */
export function updateWrite(connection: Connection, name: string, changes: object): object {
  const paths = Object.keys(changes);
  // Which of the two is meant to stand in the document in the end?
  const twice = paths.find((path) => paths.some((outer) => path.startsWith(`${outer}.`)));
  if (twice) refuse(connection, twice);
  return {
    update: { name, fields: encodeFields(connection, nested(changes)) },
    updateMask: { fieldPaths: paths.map(quoteFieldPath) },
    currentDocument: { exists: true },
  };
}
