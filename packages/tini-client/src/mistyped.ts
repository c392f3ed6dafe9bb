import { type Fields } from './runtime/answer';

/** The first field that is not of its type. Only `required` fields must be given. */
export function mistyped(
  fields: Fields,
  types: Readonly<Record<string, string>>,
  required: readonly string[] = [],
): string | undefined {
  return Object.keys(types).find(
    (name) =>
      (fields[name] !== undefined || required.indexOf(name) >= 0) &&
      typeof fields[name] !== types[name],
  );
}
