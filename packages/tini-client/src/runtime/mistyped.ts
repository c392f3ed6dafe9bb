import { type Fields } from './answer';

/** The first field that is given, but not of its type. */
export function mistyped(
  fields: Fields,
  types: Readonly<Record<string, string>>,
): string | undefined {
  return Object.keys(types).find(
    (name) => fields[name] !== undefined && typeof fields[name] !== types[name],
  );
}
