import { decodeBase64 } from '../base64';
import { fieldsOf } from '../runtime/answer';
import { type Connection } from '../connection';
import { documentsRoot } from './names';
import {
  type FirestoreData,
  type FirestoreValue,
  GeoPoint,
  Int64,
  Reference,
  type Snapshot,
} from './types';

function shortPath(connection: Connection, name: unknown): string {
  const root = documentsRoot(connection);
  const full = String(name);
  return full.startsWith(root) ? full.slice(root.length) : full;
}

/** Not every engine reads more than milliseconds. */
function decodeTime(value: unknown): Date {
  return new Date(String(value).replace(/(\.\d{3})\d+/, '$1'));
}

function decode(connection: Connection, wire: unknown): FirestoreValue {
  const [type, value] = Object.entries(fieldsOf(wire))[0] || [];
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
      // Zero is left out on the wire.
      return new GeoPoint(Number(fields['latitude'] || 0), Number(fields['longitude'] || 0));
    case 'arrayValue':
      return ((fields['values'] || []) as unknown[]).map((item) => decode(connection, item));
    case 'mapValue':
      return decodeFields(connection, fields['fields']);
  }
  // Strings, booleans and null are themselves.
  return value as string | boolean | null;
}

function decodeFields(connection: Connection, fields: unknown): FirestoreData {
  const data: Record<string, FirestoreValue> = {};
  for (const [name, value] of Object.entries(fieldsOf(fields)))
    data[name] = decode(connection, value);
  return data;
}

/** A document as REST gives it. An empty one has no `fields`. */
export function decodeDocument(connection: Connection, document: unknown): Snapshot {
  const { name, fields, createTime, updateTime } = fieldsOf(document);
  if (!name) connection.failWith('bad-response');
  const path = shortPath(connection, name);
  return {
    path,
    id: path.replace(/.*\//, ''),
    data: decodeFields(connection, fields),
    createTime: decodeTime(createTime),
    updateTime: decodeTime(updateTime),
  };
}
