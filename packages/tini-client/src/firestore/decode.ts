import { decodeBase64 } from '../base64';
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
  Int64,
  Reference,
  VectorValue,
} from './values';

/** Throws if the name is missing. */
function shortPath(connection: Connection, name: unknown): string {
  const root = documentsRoot(connection);
  const full = name as string;
  return full.startsWith(root) ? full.slice(root.length) : full;
}

/** Throws if not a value. */
export function decodeValue(connection: Connection, wire: unknown): FirestoreValue {
  const typed = fieldsOf(wire);
  const [type = ''] = Object.keys(typed);
  const value = typed[type];
  const fields = fieldsOf(value);
  const text = String(value);
  switch (type) {
    case 'integerValue':
      return Number.isSafeInteger(Number(text)) ? Number(text) : new Int64(text);
    case 'doubleValue':
      return Number(value);
    case 'timestampValue':
      return decodeTime(value);
    case 'bytesValue':
      return Uint8Array.from(decodeBase64(text.replace(/=/g, '')));
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
      return isoText(text);
  }
  // Booleans and null need no decoding.
  return value as boolean | null;
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

/** Decodes a REST document. An empty one has no `fields`. Throws if not a document. */
export function decodeDocument(connection: Connection, document: unknown): Snapshot {
  const { name, fields, createTime, updateTime } = fieldsOf(document);
  const path = shortPath(connection, name);
  return remember({
    path,
    id: path.replace(/.*\//, ''),
    data: decodeFields(connection, fields),
    createTime: decodeTime(createTime),
    updateTime: decodeTime(updateTime),
  });
}
