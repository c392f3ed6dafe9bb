import type { Language } from '../language';

const LOCALE = { vi: 'vi-VN', en: 'en-GB' } as const satisfies Record<Language, string>;

/** Readable duration: `< 1 ms`, `7.4 ms`, `86 ms`, `4.01 s`; with a comma in Vietnamese. */
export function duration(ms: number, language: Language): string {
  if (ms < 1) return '< 1 ms';
  if (ms >= 1000) return `${number(ms / 1000, 2, language)} s`;
  return `${number(ms, ms < 10 ? 1 : 0, language)} ms`;
}

function number(value: number, digits: number, language: Language): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(LOCALE[language], options).format(value);
}

/** Time of day, e.g. `14:03:22`. */
export function timeOfDay(epochSeconds: number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALE[language], { timeStyle: 'medium' }).format(
    epochSeconds * 1000,
  );
}

/** Date and time: `2 Jan 2027, 14:03:22`; in Vietnamese `14:03:22, 02/01/2027`. */
export function dayAndTime(epochMs: number, language: Language): string {
  if (language === 'vi') {
    const day = new Intl.DateTimeFormat(LOCALE.vi, {
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
    });
    return `${timeOfDay(epochMs / 1000, language)}, ${day.format(epochMs)}`;
  }
  return new Intl.DateTimeFormat(LOCALE[language], {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(epochMs);
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** Remaining time in its largest unit, rounded up: `30 days`, `4 seconds`. */
export function amountOf(ms: number, language: Language): string {
  const [unit, size] = UNITS.find(([, size]) => ms > size) ?? UNITS[3];
  const format = new Intl.NumberFormat(LOCALE[language], {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  });
  return format.format(Math.ceil(ms / size));
}
