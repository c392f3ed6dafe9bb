import type { NotificationContent } from './notification';

type Language = 'en' | 'vi';

interface Text {
  readonly title: string;
  readonly body: string;
}

type About = Exclude<NotificationContent, { kind: 'message' }>;

/** The day in Viet Nam, as people there write it. */
function dayOf(instant: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
    timeZone: 'Asia/Ho_Chi_Minh',
  }).format(instant);
}

type Template = (day: string | undefined) => Text;

const TEMPLATES: Readonly<Record<About['kind'], Readonly<Record<Language, Template>>>> = {
  'premium-opened': {
    en: (day) => ({
      title: 'Premium is yours',
      body: day === undefined ? 'Enjoy it.' : `It is open until ${day}.`,
    }),
    vi: (day) => ({
      title: 'Bạn đã có premium',
      body: day === undefined ? 'Chúc bạn vui.' : `Premium dùng được đến ${day}.`,
    }),
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
      body:
        day === undefined
          ? 'Your premium has ended.'
          : `By the purchases that are left, premium is open until ${day}.`,
    }),
    vi: (day) => ({
      title: 'Một giao dịch mua đã được hoàn tiền',
      body:
        day === undefined
          ? 'Premium của bạn đã kết thúc.'
          : `Theo các giao dịch còn lại, premium dùng được đến ${day}.`,
    }),
  },
};

/** What a person reads, in the language of their device. */
export function textOf(content: NotificationContent, language: Language): Text {
  if (content.kind === 'message') return { title: content.title, body: content.body };
  const { kind, premiumUntil } = content;
  // The sum of many purchases may be far beyond the calendars of people.
  const isShown = premiumUntil !== null && premiumUntil < Date.UTC(10_000, 0);
  return TEMPLATES[kind][language](isShown ? dayOf(premiumUntil, language) : undefined);
}
