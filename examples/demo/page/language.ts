export type Language = 'vi' | 'en';

const KEY = 'tiki-firebase-bridge-demo.language';

/** The last chosen language, or the browser's first language that the page supports. */
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
