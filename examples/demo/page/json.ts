/** Reads untrusted JSON. Errors name the field with the wrong type. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An empty record for anything but an object, so that errors name the missing field. */
export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function stringIn(record: JsonRecord, name: string): string {
  const value = record[name];
  if (typeof value !== 'string') throw new Error(`"${name}" should be a string`);
  return value;
}

export function stringsIn(record: JsonRecord, name: string): readonly string[] {
  const value = record[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`HTTP ${response.status} without JSON from ${response.url}`);
  }
}
