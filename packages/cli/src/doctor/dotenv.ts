/**
 * `NAME=value` lines as the Firebase CLI reads them: quotes are taken off, what follows a `#` in an
 * unquoted value is a comment. Lines that are none of this are left out.
 */
export function readDotenv(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    const [, name, rest = ''] = match ?? [];
    if (name === undefined) continue;
    const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(rest);
    values[name] = quoted?.[2] ?? rest.replace(/#.*$/, '').trim();
  }
  return values;
}
