export interface JsonBody {
  readonly value: unknown;
  /** Each number in the text as it is written there, which `value` does not show: `1e3`, `1.0`. */
  readonly numbers: readonly string[];
}

/** Undefined if the bytes are not JSON in UTF-8. */
export function readJson(bytes: Buffer): JsonBody | undefined {
  try {
    // Fatal, so that invalid UTF-8 is rejected instead of replaced.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return { value, numbers: numbersIn(text) };
  } catch {
    return undefined;
  }
}

/** Of valid JSON, where a digit outside a string belongs to a number. */
function numbersIn(json: string): readonly string[] {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g) ?? [];
  return tokens.filter((token) => !token.startsWith('"'));
}
