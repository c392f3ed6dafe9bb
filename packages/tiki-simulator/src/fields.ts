import { validateHeaderName, validateHeaderValue } from 'node:http';

/** The message names the field and what it must be, and can be shown to the caller. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

/** Typed access to the members of an untrusted object. */
export interface Fields {
  readonly value: (name: string) => unknown;
  readonly text: (name: string) => string;
  readonly texts: (name: string) => readonly string[];
  readonly textMap: (name: string) => Readonly<Record<string, string>>;
  /** A valid HTTP header value. */
  readonly headerText: (name: string) => string;
  /** Valid HTTP headers. */
  readonly headers: (name: string) => Readonly<Record<string, string>>;
  readonly integer: (name: string, least: number, most?: number) => number;
  /** `{[name]: read(name)}` if the member exists, otherwise `{}`; for spreading into a result. */
  readonly optional: <Name extends string, Value>(
    name: Name,
    read: (name: Name) => Value,
  ) => Partial<Record<Name, Value>>;
  /** Throws if there are unread members, such as a misspelt option. */
  readonly noOthers: () => void;
}

/** Throws `InvalidInput` if `input` is not an object. */
export function openFields(input: unknown, what: string): Fields {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InvalidInput(`${what} must be a JSON object`);
  }
  const members = new Map<string, unknown>(Object.entries(input));
  const unread = new Set(members.keys());

  function take(name: string): unknown {
    unread.delete(name);
    return members.get(name);
  }

  function read<Value>(name: string, kind: string, is: (value: unknown) => value is Value): Value {
    const value = take(name);
    if (!is(value)) throw new InvalidInput(`${name} must be ${kind}`);
    return value;
  }

  return {
    value: take,
    text: (name) => read(name, 'a string', isText),
    texts: (name) => read(name, 'an array of strings', isTexts),
    textMap: (name) => read(name, 'an object of strings', isTextMap),
    headerText: (name) => read(name, 'a valid HTTP header value', isHeaderText),
    headers: (name) => read(name, 'an object of valid HTTP headers', isHeaders),
    integer: (name, least, most = Number.MAX_SAFE_INTEGER) => {
      const value = take(name);
      if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
        return value;
      }
      throw new InvalidInput(`${name} must be a whole number from ${least} to ${most}`);
    },
    optional: (name, readMember) => {
      if (take(name) === undefined) return {};
      // TypeScript widens a computed key to string; `name` is the only key.
      return { [name]: readMember(name) } as Record<typeof name, ReturnType<typeof readMember>>;
    },
    noOthers: () => {
      const [other] = unread;
      if (other !== undefined) throw new InvalidInput(`${what} has no "${other.slice(0, 40)}"`);
    },
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isText)
  );
}

function isHeaderText(value: unknown): value is string {
  return isText(value) && isHeaders({ 'x-any': value });
}

function isHeaders(value: unknown): value is Readonly<Record<string, string>> {
  if (!isTextMap(value)) return false;
  try {
    for (const [name, text] of Object.entries(value)) {
      validateHeaderName(name);
      validateHeaderValue(name, text);
    }
    return true;
  } catch {
    return false;
  }
}
