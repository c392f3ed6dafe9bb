import type { NotificationContent } from './notification';

type Language = 'en' | 'vi';

interface Text {
  readonly title: string;
  readonly body: string;
}

type About = Exclude<NotificationContent, { kind: 'message' }>;

/** The last day of the year 9999: the sum of many purchases may be far beyond it. */
const LAST_DAY = Date.UTC(9_999, 11, 31);

/** The day in Viet Nam, as people write it. */
function dayOf(instant: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    day: 'numeric',
    month: language === 'vi' ? 'numeric' : 'long',
    year: 'numeric',
    timeZone: 'Asia/Ho_Chi_Minh',
  }).format(Math.min(instant, LAST_DAY));
}

type Texts = Readonly<Record<Language, (day: string) => Text>>;

const TEXTS: Readonly<Record<About['kind'], Texts>> = {
  'premium-opened': {
    en: (day) => ({ title: 'Premium is yours', body: `It is open until ${day}.` }),
    vi: (day) => ({ title: 'Bạn đã có premium', body: `Premium dùng được đến ${day}.` }),
  },
  'premium-ends-in-3-days': {
    en: (day) => ({
      title: 'Premium ends within 3 days',
      body: `It ends on ${day}. Renew it to keep it.`,
    }),
    vi: (day) => ({
      title: 'Premium kết thúc trong 3 ngày tới',
      body: `Premium kết thúc vào ${day}. Hãy gia hạn để dùng tiếp.`,
    }),
  },
  'premium-ends-in-1-day': {
    en: (day) => ({
      title: 'Premium ends within 1 day',
      body: `It ends on ${day}. Renew it to keep it.`,
    }),
    vi: (day) => ({
      title: 'Premium kết thúc trong 1 ngày tới',
      body: `Premium kết thúc vào ${day}. Hãy gia hạn để dùng tiếp.`,
    }),
  },
  'premium-ended': {
    en: (day) => ({ title: 'Premium has ended', body: `It ended on ${day}. You can renew it.` }),
    vi: (day) => ({
      title: 'Premium đã kết thúc',
      body: `Premium đã kết thúc vào ${day}. Bạn có thể gia hạn.`,
    }),
  },
  'premium-refunded': {
    en: (day) => ({
      title: 'A purchase was refunded',
      body: `By your other purchases, premium is open until ${day}.`,
    }),
    vi: (day) => ({
      title: 'Một giao dịch mua đã được hoàn tiền',
      body: `Theo các giao dịch còn lại, premium dùng được đến ${day}.`,
    }),
  },
};

/** After a refund of all that gave premium. */
const ENDED_BY_REFUND: Readonly<Record<Language, string>> = {
  en: 'Your premium has ended.',
  vi: 'Premium của bạn đã kết thúc.',
};

/** What a person reads, in the language of their device. */
export function textOf(content: NotificationContent, language: Language): Text {
  if (content.kind === 'message') return { title: content.title, body: content.body };
  const { kind, premiumUntil } = content;
  const text = TEXTS[kind][language](dayOf(premiumUntil ?? 0, language));
  return premiumUntil === null ? { ...text, body: ENDED_BY_REFUND[language] } : text;
}
