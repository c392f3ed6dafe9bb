/**
 * An object whose values are JSON text. `JSON.stringify` cannot write an int64 as Tiki does: a
 * JavaScript number cannot hold one, and Tiki does not use a string.
 */
export function rawObject(members: Readonly<Record<string, string>>): string {
  const written = Object.entries(members).map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  return `{${written.join(',')}}`;
}
