import { type Connection } from '../connection';
import { encodeFields } from './encode';
import { quoteFieldPath } from './names';

/** `{'a.b': 1}` → `{a: {b: 1}}` */
function nested(changes: object): object {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split('.');
    const last = String(names.pop());
    let map = root;
    // Maps on the way are made here, or given whole beside a field of theirs.
    for (const name of names) map = map[name] = Object.assign({}, map[name]);
    map[last] = value;
  }
  return root;
}

/** A write of some fields of a document that must be there. */
export function updateWrite(connection: Connection, name: string, changes: object): object {
  return {
    update: { name, fields: encodeFields(connection, nested(changes)) },
    updateMask: { fieldPaths: Object.keys(changes).map(quoteFieldPath) },
    currentDocument: { exists: true },
  };
}
