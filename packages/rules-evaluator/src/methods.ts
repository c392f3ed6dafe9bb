import { RuleError, Unsupported } from './failures';
import { matches } from './regex';
import {
  isList,
  isMap,
  isMapDiff,
  isNumber,
  isPath,
  isSet,
  isTimestamp,
  sameValue,
  typeOf,
  type MapDiff,
  type RulesMap,
  type Timestamp,
  type Value,
} from './values';

type Method<Self> = (self: Self, args: readonly Value[]) => Value;
type Methods<Self> = Readonly<Record<string, Method<Self>>>;

const badArguments = (args: readonly Value[]): RuleError =>
  new RuleError(`arguments (${args.map(typeOf).join(', ')}) do not fit`);

/** A method without arguments. */
const plain =
  <Self>(method: (self: Self) => Value): Method<Self> =>
  (self, args) => {
    if (args.length > 0) throw badArguments(args);
    return method(self);
  };

/** A method that takes one list. */
const withList =
  <Self>(method: (self: Self, list: readonly Value[]) => Value): Method<Self> =>
  (self, args) => {
    const [list = null] = args;
    if (args.length !== 1 || !isList(list)) throw badArguments(args);
    return method(self, list);
  };

const ofString: Methods<string> = {
  // UTF-16 units, as in JavaScript.
  size: plain((self) => BigInt(self.length)),
  matches: (self, args) => {
    const [pattern] = args;
    if (args.length !== 1 || typeof pattern !== 'string') throw badArguments(args);
    return matches(self, pattern);
  },
};

const includes = (list: readonly Value[], item: Value): boolean =>
  list.some((each) => sameValue(each, item));

/** Methods of both lists and sets. */
const ofMembers: Methods<readonly Value[]> = {
  size: plain((self) => BigInt(self.length)),
  hasAll: withList((self, wanted) => wanted.every((item) => includes(self, item))),
  hasAny: withList((self, wanted) => wanted.some((item) => includes(self, item))),
  hasOnly: withList((self, allowed) => self.every((item) => includes(allowed, item))),
};

const ofList: Methods<readonly Value[]> = {
  ...ofMembers,
  concat: withList((self, more) => [...self, ...more]),
  // Strings only: rules build sets of keys, and the engine's sets of numbers behave oddly.
  toSet: plain((self) => {
    const strings = self.filter((item) => typeof item === 'string');
    if (strings.length < self.length) throw new Unsupported('a set of anything but strings');
    return new Set(strings);
  }),
};

/** The sorted keys, as in the engine. Throws Unsupported for a map with missing values. */
function keys(map: RulesMap): string[] {
  for (const value of map.values()) typeOf(value);
  return [...map.keys()].sort();
}

const ofMap: Methods<RulesMap> = {
  size: plain((self) => BigInt(keys(self).length)),
  keys: plain(keys),
  get: (self, args) => {
    const [key = null, otherwise] = args;
    if (isList(key)) throw new Unsupported('map.get with a list of keys');
    if (typeof key !== 'string' || otherwise === undefined || args.length > 2) {
      throw badArguments(args);
    }
    const value = self.get(key) ?? null;
    typeOf(value);
    return self.has(key) ? value : otherwise;
  },
  diff: (self, args) => {
    const [before = null] = args;
    if (args.length !== 1 || !isMap(before)) throw badArguments(args);
    return { after: self, before };
  },
};

function changedKeys({ after, before }: MapDiff): string[] {
  return shared({ after, before }).filter((key) => {
    const [a = null, b = null] = [after.get(key), before.get(key)];
    // In the engine 1 and 1.0 are equal here, but not inside lists and maps.
    const nested = (isList(a) && isList(b)) || (isMap(a) && isMap(b));
    const twoNumbers = isNumber(a) && isNumber(b) && typeof a !== typeof b;
    if ((nested && !sameValue(a, b)) || twoNumbers) {
      throw new Unsupported('a diff of nested values, or of an int and a float');
    }
    return !sameValue(a, b);
  });
}
const shared = ({ after, before }: MapDiff) => keys(after).filter((key) => before.has(key));
const added = ({ after, before }: MapDiff) => keys(after).filter((key) => !before.has(key));
const removed = ({ after, before }: MapDiff) => keys(before).filter((key) => !after.has(key));

const ofMapDiff: Methods<MapDiff> = {
  addedKeys: plain((diff) => new Set(added(diff))),
  removedKeys: plain((diff) => new Set(removed(diff))),
  changedKeys: plain((diff) => new Set(changedKeys(diff))),
  affectedKeys: plain((diff) => new Set([...added(diff), ...removed(diff), ...changedKeys(diff)])),
};

const ofTimestamp: Methods<Timestamp> = {
  toMillis: plain(({ nanos }) => {
    // bigint division truncates: before 1970 the result would be a millisecond late.
    if (nanos < 0n) throw new Unsupported('a time before 1970');
    return nanos / 1_000_000n;
  }),
};

const ALL = [ofString, ofList, ofMap, ofMapDiff, ofTimestamp];

/** A method of another type is a RuleError; an unknown one is Unsupported. */
function call<Self>(
  methods: Methods<Self>,
  self: Self,
  name: string,
  args: readonly Value[],
): Value {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method) return method(self, args);
  if (ALL.some((each) => Object.hasOwn(each, name))) throw new RuleError(`no ${name} here`);
  throw new Unsupported(`method ${name}`);
}

/** `self.name(args)`. */
export function callMethod(self: Value, name: string, args: readonly Value[]): Value {
  typeOf(self);
  if (self === null || typeof self === 'boolean' || isNumber(self)) {
    throw new RuleError(`${typeOf(self)} has no methods`);
  }
  if (typeof self === 'string') return call(ofString, self, name, args);
  if (isList(self)) return call(ofList, self, name, args);
  // Sets accept lists and sets as arguments; lists only accept lists.
  if (isSet(self)) {
    return call(
      ofMembers,
      [...self],
      name,
      args.map((each) => (isSet(each) ? [...each] : each)),
    );
  }
  if (isMap(self)) return call(ofMap, self, name, args);
  if (isTimestamp(self)) return call(ofTimestamp, self, name, args);
  if (isMapDiff(self)) return call(ofMapDiff, self, name, args);
  return call({}, self, name, args);
}

function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^-?\d{1,18}$/.test(value)) return BigInt(value);
  if (typeof value !== 'number') throw badArguments([value]);
  if (!Number.isSafeInteger(Math.trunc(value))) throw new Unsupported('int() of a large float');
  return BigInt(Math.trunc(value));
}

function toText(value: Value): string {
  if (typeof value === 'number') throw new Unsupported('string() of a float');
  if (isPath(value)) return `/${value.segments.join('/')}`;
  if (value === null || typeof value !== 'object') return String(value);
  throw badArguments([value]);
}

/** `timestamp.date(2026, 12, 31)`: the start of that day, UTC. */
function date(args: readonly Value[]): Timestamp {
  const [year, month, day] = args;
  const isDate = typeof year === 'bigint' && typeof month === 'bigint' && typeof day === 'bigint';
  if (args.length !== 3 || !isDate) throw badArguments(args);
  const text = [year, month, day].map((part, i) => String(part).padStart(i === 0 ? 4 : 2, '0'));
  const time = new Date(`${text.join('-')}T00:00:00Z`);
  // Such as February 30th, which JavaScript takes for a day of March.
  if (Number.isNaN(time.getTime()) || BigInt(time.getUTCDate()) !== day) {
    throw new Unsupported('a date that there is not');
  }
  return { nanos: BigInt(time.getTime()) * 1_000_000n };
}

/** Calls `int`, `string` or `timestamp.date`. @throws Unsupported for other names */
export function callGlobal(name: string, args: readonly Value[]): Value {
  if (name === 'timestamp.date') return date(args);
  const global = { int: toInt, string: toText }[name];
  if (!global) throw new Unsupported(`function ${name}`);
  const [value] = args;
  if (value === undefined || args.length > 1) throw badArguments(args);
  return global(value);
}
