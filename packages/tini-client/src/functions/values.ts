import { type Fields } from '../runtime/answer';
import { tagOf } from '../tag-of';

const INT64 = 'type.googleapis.com/google.protobuf.Int64Value';
const UINT64 = 'type.googleapis.com/google.protobuf.UInt64Value';

/** A whole number beyond 2^53 in the protocol of callable functions. */
export interface Int64Value {
  readonly '@type': string;
  /** Decimal digits. */
  readonly value: string;
}

/** A whole number beyond 2^53 as an argument, from its decimal digits. */
export function int64(value: string): Int64Value {
  return { '@type': INT64, value };
}

function mapped(data: object, map: (value: unknown) => unknown): Fields {
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(data)) {
    const value = map((data as Fields)[name]);
    // Assigning `__proto__` would set the prototype.
    Object.defineProperty(fields, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return fields;
}

/**
 * Arguments in the protocol's form, as Firebase's SDK encodes them: a Date as ISO text, `undefined` as
 * null; and a bigint as Int64Value. Throws for anything that JSON would lose, such as NaN or a Map.
 *
 * @see https://firebase.google.com/docs/functions/callable-reference
 */
export function encode(data: unknown): unknown {
  const tag = tagOf(data);
  switch (tag) {
    case 'Null':
    case 'Undefined':
      return null;
    case 'Boolean':
    case 'String':
      return data;
    case 'Number':
      if (Number.isFinite(Number(data))) return Number(data);
      break;
    case 'BigInt':
      return int64(String(data));
    case 'Date':
      // Throws for an invalid date.
      return (data as Date).toISOString();
    case 'Array':
      return (data as unknown[]).map(encode);
    case 'Object':
      return mapped(data as object, encode);
  }
  throw new Error(tag);
}

/** Throws for a value that does not fit the protocol. */
export function decode(json: unknown): unknown {
  if (typeof json !== 'object' || !json) return json;
  if (Array.isArray(json)) return json.map(decode);
  const { '@type': type, value } = json as Partial<Int64Value>;
  if (type === undefined) return mapped(json, decode);
  const text = String(value);
  if ((type !== INT64 && type !== UINT64) || !/^-?\d+$/.test(text)) throw new Error(type);
  // Beyond 2^53 a number would be another one.
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}
