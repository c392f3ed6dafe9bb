/** Undefined for a stray percent sign, or bytes that are not UTF-8, such as an overlong `%c0%af`. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
