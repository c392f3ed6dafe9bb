import { RuleError, Unsupported } from './failures';

/** Nanoseconds since the epoch. */
export interface Timestamp {
  readonly nanos: bigint;
}
export interface Path {
  readonly segments: readonly string[];
}
/** What `after.diff(before)` returns. */
export interface MapDiff {
  readonly after: RulesMap;
  readonly before: RulesMap;
}
/** A value of real requests that the caller did not provide. Using it is Unsupported. */
export interface NotGiven {
  readonly notGiven: string;
  /** What it certainly is not equal to: so much may be known of it. */
  readonly isNot?: (other: Value) => boolean;
}
export type RulesMap = ReadonlyMap<string, Value>;

/** Values of the rules language. An `int` is a bigint, a `float` a number; a `set` holds strings. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | ReadonlySet<string>
  | RulesMap
  | Timestamp
  | Path
  | MapDiff
  | NotGiven;

// Array.isArray does not narrow readonly arrays.
export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isSet = (value: Value): value is ReadonlySet<string> => value instanceof Set;
export const isMap = (value: Value): value is RulesMap => value instanceof Map;
const isRecord = (value: Value) => typeof value === 'object' && value !== null;
export const isTimestamp = (value: Value): value is Timestamp =>
  isRecord(value) && 'nanos' in value;
export const isPath = (value: Value): value is Path => isRecord(value) && 'segments' in value;
export const isMapDiff = (value: Value): value is MapDiff => isRecord(value) && 'after' in value;
export const isNotGiven = (value: Value | undefined): value is NotGiven =>
  value !== undefined && isRecord(value) && 'notGiven' in value;
export const isNumber = (value: Value): value is bigint | number =>
  typeof value === 'bigint' || typeof value === 'number';

/** The type's name as used by `is` and in the engine's messages. */
export function typeOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'string';
  if (isList(value)) return 'list';
  if (isSet(value)) return 'set';
  if (isMap(value)) return 'map';
  if (isTimestamp(value)) return 'timestamp';
  if (isPath(value)) return 'path';
  if (isMapDiff(value)) return 'map_diff';
  throw new Unsupported(`${value.notGiven}, which was not provided`);
}

/** Checks that an int fits into signed 64 bits. @throws RuleError */
export function int(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new RuleError(`${value} is not an int64`);
  return value;
}

/**
 * Converts a value from JavaScript or JSON. Whole numbers become ints, others floats, as in the
 * emulators for tokens and documents.
 */
export function fromJs(input: unknown): Value {
  if (input === null || typeof input === 'boolean' || typeof input === 'string') return input;
  if (typeof input === 'bigint') return int(input);
  if (typeof input === 'number') return Number.isInteger(input) ? int(BigInt(input)) : input;
  if (input instanceof Date) return { nanos: BigInt(input.getTime()) * 1_000_000n };
  if (Array.isArray(input)) return input.map(fromJs);
  if (typeof input === 'object' && Object.getPrototypeOf(input) === Object.prototype) {
    return mapFromJs(Object.fromEntries(Object.entries(input)));
  }
  throw new Unsupported(`a value of type ${typeof input}`);
}

export const mapFromJs = (fields: Readonly<Record<string, unknown>>): RulesMap =>
  new Map(Object.entries(fields).map(([name, value]) => [name, fromJs(value)]));

/** Equality inside lists and maps. Types must be equal too, so `[1] != [1.0]`. */
export function sameValue(a: Value, b: Value): boolean {
  if (isNotGiven(a) && a.isNot?.(b)) return false;
  if (isNotGiven(b) && b.isNot?.(a)) return false;
  if (typeOf(a) !== typeOf(b)) return false;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, i) => sameValue(item, b[i] ?? null));
  }
  if (isSet(a) && isSet(b)) return a.size === b.size && [...a].every((item) => b.has(item));
  if (isMap(a) && isMap(b)) {
    const equalIn = ([key, value]: readonly [string, Value]) =>
      b.has(key) && sameValue(value, b.get(key) ?? null);
    return a.size === b.size && [...a].every(equalIn);
  }
  if (isTimestamp(a) && isTimestamp(b)) return a.nanos === b.nanos;
  if (isPath(a) && isPath(b)) return sameValue(a.segments, b.segments);
  if (isMapDiff(a)) throw new Unsupported('comparing diffs');
  return a === b;
}

/** The `==` operator: like sameValue, but `1 == 1.0`. */
export const equals = (a: Value, b: Value): boolean =>
  isNumber(a) && isNumber(b) && typeof a !== typeof b ? Number(a) === Number(b) : sameValue(a, b);
