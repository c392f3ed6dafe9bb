import { encodeBase64 } from '../base64';
import { type Connection } from '../connection';
import { type Fields } from '../runtime/answer';
import { referencedName } from './names';
import { refuse } from './refuse';
import { encodeTime } from './time';
import { FieldDeletion, GeoPoint, Int64, Reference } from './types';

/** One of Firestore's `…Value` objects. */
export type WireValue = Readonly<Record<string, unknown>>;

/** JSON has no NaN or Infinity and drops the sign of -0; Firestore accepts them as strings. */
function encodeNumber(value: number): WireValue {
  if (Object.is(value, -0)) return { doubleValue: '-0' };
  if (Number.isSafeInteger(value)) return { integerValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

/** The object tag; instanceof fails between JavaScript realms, and page and library may differ. */
const tagOf = (value: unknown) => Object.prototype.toString.call(value).slice(8, -1);

/** Throws `invalid-argument` for values without a Firestore type, notably `undefined`. */
export function encode(connection: Connection, value: unknown): WireValue {
  if (value instanceof Int64) return { integerValue: value.value };
  if (value instanceof Reference) {
    return { referenceValue: referencedName(connection, value.path) };
  }
  if (value instanceof GeoPoint) {
    // JSON turns NaN into null, which Firestore reads as 0. The sum is finite only if both are.
    if (!Number.isFinite(value.latitude + value.longitude)) refuse(connection, 'GeoPoint');
    return { geoPointValue: value };
  }
  // `update` takes out those that it allows.
  if (value instanceof FieldDeletion) refuse(connection, 'deleteField');
  // Each cast below follows from the tag.
  const tag = tagOf(value);
  switch (tag) {
    case 'Null':
      return { nullValue: null };
    case 'Boolean':
      return { booleanValue: value };
    case 'String':
      return { stringValue: value };
    case 'Number':
      return encodeNumber(value as number);
    case 'BigInt':
      return { integerValue: String(value) };
    case 'Date':
      return { timestampValue: encodeTime(connection, value as Date) };
    case 'Uint8Array':
      return { bytesValue: encodeBase64(value as Uint8Array) };
    case 'Array':
      return {
        arrayValue: { values: (value as unknown[]).map((item) => encode(connection, item)) },
      };
    case 'Object':
      return { mapValue: { fields: encodeFields(connection, value as object) } };
  }
  refuse(connection, tag);
}

export function encodeFields(connection: Connection, data: object): Record<string, WireValue> {
  // A Date, for example, has no own fields and would make the document empty.
  if (tagOf(data) !== 'Object') refuse(connection, tagOf(data));
  const fields: Record<string, WireValue> = {};
  for (const name of Object.keys(data)) {
    // Assigning it would set the prototype; Firestore does not allow such fields either.
    if (name === '__proto__') refuse(connection, name);
    fields[name] = encode(connection, (data as Fields)[name]);
  }
  return fields;
}
