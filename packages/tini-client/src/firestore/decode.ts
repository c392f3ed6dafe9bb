import { decodeBase64, encodeBase64 } from '../base64';
import { fieldsOf } from '../runtime/answer';
import { type Connection } from '../connection';
import { documentsRoot } from './names';
import { isoText } from './date-text';
import { remember } from './snapshots';
import { decodeTime } from './time';
import { type Snapshot } from './types';
import {
  type FirestoreData,
  type FirestoreValue,
  GeoPoint,
  idOf,
  Int64,
  Reference,
  typeInJson,
  VectorValue,
} from './values';

/** Throws if the name is missing. */
function shortPath(connection: Connection, name: unknown): string {
  const root = documentsRoot(connection);
  const full = name as string;
  return full.startsWith(root) ? full.slice(root.length) : full;
}

/** `setData` makes a map of a plain Uint8Array, with a field for each byte. */
class Bytes extends Uint8Array {
  toJSON() {
    return { type: typeInJson('bytes'), bytes: encodeBase64(this) };
  }
}

/** Throws if not a value. */
export function decodeValue(connection: Connection, wire: unknown): FirestoreValue {
  const typed = fieldsOf(wire);
  const [type = ''] = Object.keys(typed);
  const value = typed[type];
  const fields = fieldsOf(value);
  const text = String(value);
  switch (type) {
    case 'nullValue':
      return null;
    case 'booleanValue':
      if (typeof value === 'boolean') return value;
      break;
    case 'integerValue':
      if (!/^-?\d+$/.test(text)) break;
      return Number.isSafeInteger(Number(text)) ? Number(text) : new Int64(text);
    case 'doubleValue':
      return Number(value);
    case 'timestampValue':
      return decodeTime(value);
    case 'bytesValue':
      return Bytes.from(decodeBase64(text.replace(/=/g, '')));
    case 'referenceValue':
      return new Reference(shortPath(connection, value));
    case 'geoPointValue':
      // Zero is omitted on the wire.
      return new GeoPoint(Number(fields['latitude'] || 0), Number(fields['longitude'] || 0));
    case 'arrayValue':
      return ((fields['values'] || []) as unknown[]).map((item) => decodeValue(connection, item));
    case 'mapValue':
      return decodeMap(decodeFields(connection, fields['fields']));
    case 'stringValue':
      if (typeof value === 'string') return isoText(value);
  }
  throw new Error(type);
}

/** Firestore sends a vector as a map with a reserved field. */
function decodeMap(map: FirestoreData): FirestoreValue {
  return map['__type__'] === '__vector__' ? new VectorValue(map['value'] as number[]) : map;
}

function decodeFields(connection: Connection, wire: unknown): FirestoreData {
  const fields = fieldsOf(wire);
  const data: Record<string, FirestoreValue> = {};
  for (const name of Object.keys(fields)) data[name] = decodeValue(connection, fields[name]);
  return data;
}

/** Decodes a REST document. An empty one has no `fields`. Throws if not a document of this database. */
export function decodeDocument(connection: Connection, document: unknown): Snapshot {
  const { name, fields, createTime, updateTime } = fieldsOf(document);
  const path = shortPath(connection, name);
  // Of another database, or no name.
  if (path === name) throw new Error(path);
  return remember({
    path,
    id: idOf(path),
    data: decodeFields(connection, fields),
    createTime: decodeTime(createTime),
    updateTime: decodeTime(updateTime),
  });
}

/** The document as it is, for those who decode it later. Throws like `decodeDocument`. */
export function checkDocument(connection: Connection, document: unknown): unknown {
  decodeDocument(connection, document);
  return document;
}
