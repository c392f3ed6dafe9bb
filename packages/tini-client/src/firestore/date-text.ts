/** Exactly what JSON, and therefore `setData`, makes of a Date. */
const DATE_JSON = /^([+-]\d\d)?\d{4}(-\d\d){2}T(\d\d:){2}\d\d\.\d{3}Z$/;

/** Texts of this form that are meant as text: they were read as such, or the app said so. */
const meantAsText = new Set<string>();

/**
 * Declares a text such as `2026-01-02T03:04:05.678Z` as text, so that it can be written. Without
 * this it is refused, because it is probably a Date that went through `setData`.
 */
export function isoText(text: string): string {
  if (DATE_JSON.test(text)) meantAsText.add(text);
  return text;
}

/** Whether the text is probably a Date that JSON has turned into text. */
export function isDateAsText(text: string): boolean {
  return DATE_JSON.test(text) && !meantAsText.has(text);
}
