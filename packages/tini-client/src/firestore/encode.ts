import { encodeBase64 } from '../base64';
import { type Connection } from '../connection';
import { type Fields } from '../runtime/answer';
import { tagOf } from '../tag-of';
import { isDateAsText } from './date-text';
import { FieldValue } from './field-values';
import { quoteFieldName, referencedName } from './names';
import { refuse } from './refuse';
import { encodeTime } from './time';
import { GeoPoint, Int64, Reference, valueBeforeJson, VectorValue } from './values';

/** One of Firestore's `…Value` objects. */
export type WireValue = Readonly<Record<string, unknown>>;

/** What a write states besides its fields, collected while these are encoded. */
export interface Beside {
  /** The paths of the written fields, and of those to delete. */
  readonly mask: string[];
  /** Firestore's `updateTransforms`. */
  readonly transforms: WireValue[];
  /** Whether `deleteField()` is allowed. */
  readonly deletes?: boolean | undefined;
}

/** JSON has no NaN or Infinity; Firestore accepts them as strings. */
const encodeDouble = (value: number) => ({
  doubleValue: Number.isFinite(value) ? value : String(value),
});

function encodeNumber(value: number): WireValue {
  // JSON drops the sign.
  if (Object.is(value, -0)) return { doubleValue: '-0' };
  return Number.isSafeInteger(value) ? { integerValue: String(value) } : encodeDouble(value);
}

/**
 * Throws `invalid-argument` for values without a Firestore type, notably `undefined`.
 *
 * @param path Of the field, for the error.
 * @param beside In maps of a write only: takes what is no value.
 */
export function encode(
  connection: Connection,
  value: unknown,
  path = '',
  beside?: Beside,
): WireValue {
  const wrong = (what: string) => refuse(connection, path ? `${path}: ${what}` : what);
  if (value instanceof Int64) return { integerValue: value.value };
  if (value instanceof Reference) {
    return { referenceValue: referencedName(connection, value.path) };
  }
  if (value instanceof GeoPoint) {
    // JSON turns NaN into null, which Firestore reads as 0. The sum is finite only if both are.
    if (!Number.isFinite(value.latitude + value.longitude)) wrong('GeoPoint');
    const { latitude, longitude } = value;
    return { geoPointValue: { latitude, longitude } };
  }
  if (value instanceof VectorValue) {
    const values = value.values.map(encodeDouble);
    const fields = { __type__: { stringValue: '__vector__' }, value: { arrayValue: { values } } };
    return { mapValue: { fields } };
  }
  // Only encodeFields takes them.
  if (value instanceof FieldValue) wrong(value.kind);
  // Each cast below follows from the tag.
  const tag = tagOf(value);
  switch (tag) {
    case 'Null':
      return { nullValue: null };
    case 'Boolean':
      return { booleanValue: value };
    case 'String':
      if (isDateAsText(value as string)) wrong('a date as text');
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
        arrayValue: { values: (value as unknown[]).map((item) => encode(connection, item, path)) },
      };
    case 'Object': {
      const copied = valueBeforeJson(value as Fields);
      if (copied) wrong(`${copied} as a map`);
      return { mapValue: { fields: encodeFields(connection, value as object, path, beside) } };
    }
  }
  return wrong(tag);
}

/** A member of Firestore's `FieldTransform`. */
function encodeTransform(
  connection: Connection,
  { kind, values }: FieldValue,
  fieldPath: string,
): WireValue {
  const encoded = values.map((value) => encode(connection, value, fieldPath));
  if (kind === 'setToServerValue') return { fieldPath, [kind]: 'REQUEST_TIME' };
  if (kind !== 'increment') return { fieldPath, [kind]: { values: encoded } };
  const [by = {}] = encoded;
  if (!('integerValue' in by || 'doubleValue' in by)) refuse(connection, `${fieldPath}: ${kind}`);
  return { fieldPath, [kind]: by };
}

export function encodeFields(
  connection: Connection,
  data: object,
  path = '',
  beside?: Beside,
): Record<string, WireValue> {
  // A Date, for example, has no own fields and would make the document empty.
  if (tagOf(data) !== 'Object') refuse(connection, tagOf(data));
  const fields: Record<string, WireValue> = {};
  const names = Object.keys(data);
  // An empty map is a value as a whole.
  if (beside && path && !names.length) beside.mask.push(path);
  for (const name of names) {
    // Assigning it would set the prototype; Firestore does not allow such fields either.
    if (name === '__proto__') refuse(connection, name);
    const value = (data as Fields)[name];
    const inner = (path && `${path}.`) + quoteFieldName(name);
    if (beside && value instanceof FieldValue && value.kind !== 'deleteField') {
      beside.transforms.push(encodeTransform(connection, value, inner));
    } else if (beside && beside.deletes && value instanceof FieldValue) {
      beside.mask.push(inner);
    } else {
      const wire = (fields[name] = encode(connection, value, inner, beside));
      // The fields of a map have added themselves.
      if (beside && !(wire['mapValue'] && !(value instanceof VectorValue))) beside.mask.push(inner);
    }
  }
  return fields;
}
