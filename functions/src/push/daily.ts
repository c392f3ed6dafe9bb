import type { Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { LogEntry } from 'firebase-functions/logger';
import { within } from '../clock';
import { newsOfDay, REMINDERS } from './premium-news';
import type { NotificationStore } from './store';

const PAGE = 100;
/** One page with what is done about it, ms. */
const PAGE_MS = 60_000;

export interface DailySettings {
  readonly firestore: Firestore;
  readonly store: NotificationStore;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
}

type Query = FirebaseFirestore.Query;

/** Calls `act` for each document of an ordered query. @returns how many calls returned true */
async function forEach(
  query: Query,
  act: (document: QueryDocumentSnapshot) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  for (let page = query.limit(PAGE); ;) {
    const { docs } = await within(PAGE_MS, page.get());
    const acted = await within(PAGE_MS, Promise.all(docs.map(act)));
    done += acted.filter(Boolean).length;
    const last = docs.at(-1);
    if (!last || docs.length < PAGE) return done;
    page = query.startAfter(last).limit(PAGE);
  }
}

/**
 * Once a day: creates the reminders about ends of premium. Every notification has an id of its own, so
 * that a repeated run tells nothing twice.
 *
 * @throws what Firestore's client throws: Cloud Scheduler retries
 */
export async function runPushDaily({ firestore, store, now, log }: DailySettings): Promise<void> {
  const start = now();
  const ends = firestore
    .collection('entitlements')
    .where('premiumUntil', '>', start - REMINDERS.after)
    .where('premiumUntil', '<=', start + REMINDERS.before)
    .orderBy('premiumUntil')
    .select('premiumUntil');
  const reminded = await forEach(ends, async (document) => {
    const premiumUntil: unknown = document.get('premiumUntil');
    // A fraction was not written by the bridge.
    const news = Number.isInteger(premiumUntil)
      ? newsOfDay(Number(premiumUntil), start)
      : undefined;
    if (!news) return false;
    return store.create({ uid: document.id, id: news.id }, news.content);
  });
  log({ severity: 'INFO', message: 'push: daily run', reminded });
}
