import type { Language } from './texts';

const LOCALE = { vi: 'vi-VN', en: 'en-GB' } as const satisfies Record<Language, string>;

/** Milliseconds as a person reads them: `< 1 ms`, `7.4 ms`, `86 ms`, `4.01 s`; with a comma in Vietnamese. */
export function duration(ms: number, language: Language): string {
  if (ms < 1) return '< 1 ms';
  if (ms >= 1000) return `${number(ms / 1000, 2, language)} s`;
  return `${number(ms, ms < 10 ? 1 : 0, language)} ms`;
}

function number(value: number, digits: number, language: Language): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(LOCALE[language], options).format(value);
}

/** Time of the day, e.g. `14:03:22`. */
export function timeOfDay(epochSeconds: number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALE[language], { timeStyle: 'medium' }).format(
    epochSeconds * 1000,
  );
}
