export const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const isLanguage = (text: string | undefined): text is Language =>
  LANGUAGES.some((language) => language === text);

export interface LanguageChoice {
  readonly language: Language;
  /** Chosen on the page, so links repeat it. Not in a cookie: Hosting passes only `__session`. */
  readonly chosen: boolean;
}

/** `?lang=` counts most, then the first language of `Accept-Language` that the pages have. */
export function chooseLanguage(lang: string | null, acceptLanguage = ''): LanguageChoice {
  if (lang !== null && isLanguage(lang)) return { language: lang, chosen: true };
  // Browsers send their languages in the order of preference; weights need not be parsed.
  const tags = acceptLanguage.slice(0, 256).toLowerCase().split(',');
  const known = tags.map((tag) => tag.trim().slice(0, 2)).find(isLanguage);
  return { language: known ?? 'vi', chosen: false };
}

/** A page's address that keeps the chosen language. */
export function linkTo(path: string, { language, chosen }: LanguageChoice): string {
  return chosen ? `${path}?lang=${language}` : path;
}
