import { isPremium, type Entitlement } from '../premium/document';
import { DAY_MS } from '../premium/purchase';
import type { NotificationContent } from './notification';

/** A notification that is created once: its id says what it is about. */
export interface News {
  readonly id: string;
  readonly content: NotificationContent;
}

type About = Exclude<NotificationContent['kind'], 'message'>;

function news(kind: About, instant: number, premiumUntil: number | null): News {
  return { id: `${kind}-${instant}`, content: { kind, premiumUntil, path: '/' } };
}

const cancelledIn = ({ purchases }: Entitlement): string[] =>
  purchases.flatMap(({ id, status }) => (status === 'cancelled' ? [id] : []));

/**
 * What a user is told about one change of their entitlement. A function of the two states alone,
 * because their events may be repeated and arrive in any order.
 */
export function newsOfChange(
  before: Entitlement | undefined,
  after: Entitlement,
): News | undefined {
  if (before?.version === after.version) return undefined;
  const { premiumUntil, updatedAt } = after;
  const active = (before?.purchases ?? []).filter(({ status }) => status === 'active');
  const cancelled = cancelledIn(after);
  if (active.some(({ id }) => cancelled.includes(id))) {
    return news('premium-refunded', updatedAt, isPremium(after, updatedAt) ? premiumUntil : null);
  }
  const wasPremium = before !== undefined && isPremium(before, updatedAt);
  return isPremium(after, updatedAt) && !wasPremium
    ? news('premium-opened', updatedAt, premiumUntil)
    : undefined;
}

/** How long before and after the end of premium there is something to tell, in ms. */
export const REMINDERS = { before: 3 * DAY_MS, after: 2 * DAY_MS } as const;

/**
 * What the daily run tells about an end of premium, if anything. The id contains that end: told once,
 * and again only after a renewal has moved it. A run may be missed without losing an "ended".
 *
 * @param premiumUntil Epoch ms. @param now Epoch ms.
 */
export function newsOfDay(premiumUntil: number, now: number): News | undefined {
  const left = premiumUntil - now;
  if (left > REMINDERS.before || left <= -REMINDERS.after) return undefined;
  const kind =
    left <= 0
      ? 'premium-ended'
      : left <= DAY_MS
        ? 'premium-ends-in-1-day'
        : 'premium-ends-in-3-days';
  return news(kind, premiumUntil, premiumUntil);
}
