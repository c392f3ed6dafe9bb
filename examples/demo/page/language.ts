export type Language = 'vi' | 'en';

const KEY = 'tiki-firebase-bridge-demo.language';

/** The language chosen last, or else the first of the browser's that the page speaks. */
export function initialLanguage(): Language {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'vi' || chosen === 'en') return chosen;
  for (const tag of navigator.languages) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'vi' || primary === 'en') return primary;
  }
  return 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
