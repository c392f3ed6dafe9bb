import { RuleError, Unsupported } from './failures';
import {
  equals,
  int,
  isList,
  isMap,
  isNotGiven,
  isNumber,
  isPath,
  isSet,
  isTimestamp,
  sameValue,
  typeOf,
  type Value,
} from './values';

const undefinedFor = (left: Value, operator: string, right: Value): RuleError =>
  new RuleError(`${typeOf(left)} ${operator} ${typeOf(right)} is not defined`);

function compare(left: Value, operator: string, right: Value): boolean {
  const ordered = <T extends bigint | number | string>(a: T, b: T): boolean => {
    if (operator === '<') return a < b;
    if (operator === '<=') return a <= b;
    return operator === '>' ? a > b : a >= b;
  };
  // The engine orders like JavaScript: strings by UTF-16 code units, NaN is unordered.
  if (typeof left === 'string' && typeof right === 'string') return ordered(left, right);
  if (typeof left === 'bigint' && typeof right === 'bigint') return ordered(left, right);
  if (isNumber(left) && isNumber(right)) return ordered(Number(left), Number(right));
  if (isTimestamp(left) && isTimestamp(right)) return ordered(left.nanos, right.nanos);
  throw undefinedFor(left, operator, right);
}

type Operation<T> = (a: T, b: T) => T;

const ON_INTS: Readonly<Record<string, Operation<bigint>>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};
const ON_FLOATS: Readonly<Record<string, Operation<number>>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

function arithmetic(left: Value, operator: string, right: Value): Value {
  if (operator === '+' && typeof left === 'string' && typeof right === 'string')
    return left + right;
  const [onInts, onFloats] = [ON_INTS[operator], ON_FLOATS[operator]];
  if (!onInts || !onFloats) throw new Unsupported(`operator ${operator}`);
  if (isTimestamp(left) || isTimestamp(right)) throw new Unsupported('arithmetic with times');
  if (!isNumber(left) || !isNumber(right)) throw undefinedFor(left, operator, right);
  if (typeof left === 'number' || typeof right === 'number') {
    return onFloats(Number(left), Number(right));
  }
  if (right === 0n && '/%'.includes(operator)) throw new RuleError('division by zero');
  return int(onInts(left, right));
}

function contains(collection: Value, item: Value): boolean {
  if (isList(collection)) return collection.some((each) => sameValue(each, item));
  if (isSet(collection)) return [...collection].some((each) => sameValue(each, item));
  if (!isMap(collection) || typeof item !== 'string') throw undefinedFor(item, 'in', collection);
  const value = collection.get(item);
  return value !== undefined && typeOf(value) !== '';
}

/** All binary operators except `&&` and `||`, which short-circuit. */
export function binary(left: Value, operator: string, right: Value): Value {
  if (operator === '==') return equals(left, right);
  if (operator === '!=') return !equals(left, right);
  if (operator === 'in') return contains(right, left);
  if (['<', '<=', '>', '>='].includes(operator)) return compare(left, operator, right);
  return arithmetic(left, operator, right);
}

export function negate(value: Value): Value {
  if (typeof value === 'bigint') return int(-value);
  if (typeof value === 'number') return -value;
  throw new RuleError(`-${typeOf(value)} is not defined`);
}

const TYPES = ['bool', 'float', 'int', 'list', 'map', 'path', 'string', 'timestamp'];

/** `value is type`. Unsupported for sets, where versions of the engine differ. */
export function isType(value: Value, type: string): boolean {
  const actual = typeOf(value);
  if (type === 'number') return isNumber(value);
  if (!TYPES.includes(type) || actual === 'set') throw new Unsupported(`${actual} is ${type}`);
  return actual === type;
}

/** `map.name` and `map['name']`. */
export function member(object: Value, name: string): Value {
  if (object === null) throw new RuleError(`${name} of null`);
  if (!isMap(object)) throw new Unsupported(`${name} of a ${typeOf(object)}`);
  const value = object.get(name);
  if (value === undefined) throw new RuleError(`no field ${name}`);
  if (!isNotGiven(value)) return value;
  // What is known of it may decide a comparison.
  if (value.isNot) return value;
  throw new Unsupported(`${value.notGiven}, which was not provided`);
}

/** `list[0]`, `path[0]`, `text[0]`, `map['name']`. */
export function element(object: Value, index: Value): Value {
  if (isMap(object) && typeof index === 'string') return member(object, index);
  const items = isPath(object) ? object.segments : object;
  const indexed = isList(items) || typeof items === 'string';
  if (!indexed || typeof index !== 'bigint') throw undefinedFor(object, '[]', index);
  const item = items[Number(index)];
  if (item === undefined) throw new RuleError(`no element ${index}`);
  return item;
}
