export type Language = 'en' | 'vi';

/**
 * English or Vietnamese, by `Accept-Language`: the one with the greater weight, the first
 * of a tie; English when neither is named or the header cannot be parsed.
 *
 * @see RFC 9110, section 12.5.4
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  let best: Language = 'en';
  let bestWeight = 0;
  for (const part of (acceptLanguage ?? '').slice(0, 256).split(',')) {
    const match =
      /^\s*(en|vi)(?:-[a-z0-9-]+)?\s*(?:;\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?))?\s*$/i.exec(part);
    if (!match) continue;
    const weight = Number(match[2] ?? 1);
    if (weight > bestWeight) {
      best = match[1]?.toLowerCase() === 'vi' ? 'vi' : 'en';
      bestWeight = weight;
    }
  }
  return best;
}
