import type {
  DocumentSnapshot,
  Firestore,
  Query,
  QueryDocumentSnapshot,
  WriteBatch,
} from 'firebase-admin/firestore';
import * as z from 'zod';
import { TimeUp, within, type Clock } from '../clock';
import { explainFirestoreFailure } from '../google/firestore-failure';
import { AUDIT, auditEntry, type Actor } from '../premium/audit';
import { parseDocument, toDocument } from '../premium/document';
import { codeOf, isLostRace } from '../google/error-code';
import { createKeyedQueue } from '../premium/keyed-queue';
import { untilWon, type Attempt } from '../premium/optimistic';
import { Problem } from '../problem';
import { MalformedOrder, parseOrder, toStored, type Order } from './order';
import type { Decide, Seen, StoredMessage } from './record';

/**
 * Below an order. The name is this project's own: a TTL field counts in all collections of a name, and
 * an app may well have `messages` with an `expiresAt`.
 */
const MESSAGES = 'orderMessages';
/** Until a message may be forgotten: `expiresAt` is a TTL field. Tiki repeats for two days. */
const MESSAGE_MS = 90 * 86_400_000;
const PAGE = 100;
const RETRY_AFTER_SECONDS = 1;

/** Which documents one transaction is about. */
export interface Place {
  readonly reference: string;
  /** Of the order's user, which never changes. */
  readonly uid: string;
  /** Of a message; undefined: none. */
  readonly messageId?: string;
}

/** One document of a query. */
export interface Entry {
  readonly reference: string;
  readonly order: Order | MalformedOrder;
}

/** A message with its id. */
export interface KnownMessage extends StoredMessage {
  readonly messageId: string;
}

/** A field of orders with an instant, which a query can be about. */
export type InstantField = 'createdAt' | 'updatedAt' | 'paidAt';

/** All calls throw `Problem` when Firestore does not answer: nothing, or everything, may be stored. */
export interface PaymentStore {
  /**
   * One transaction: reads an order, its user's entitlement and whether a message is known; decides;
   * commits everything or nothing, if nothing of it has changed; otherwise starts over. `decide` may
   * therefore run several times and must be pure.
   *
   * @throws MalformedOrder, EntitlementError `malformed-document`, and what `decide` throws
   */
  readonly change: <T>(place: Place, decide: Decide<T>) => Promise<T>;
  /** @throws MalformedOrder */
  readonly read: (reference: string) => Promise<Order | undefined>;
  /** The messages about an order, by the time at which Tiki made them. */
  readonly messagesOf: (reference: string) => Promise<readonly KnownMessage[]>;
  /** The newest orders, of one user or of all. */
  readonly newest: (size: number, uid?: string) => Promise<readonly Entry[]>;
  /** When a user's premium ends, epoch ms; null: none. @throws EntitlementError `malformed-document` */
  readonly premiumUntilOf: (uid: string) => Promise<number | null>;
  /** Orders that the reconciler is to look at, the longest overdue first, in pages. */
  readonly due: (now: number) => AsyncIterable<readonly Entry[]>;
  /** Makes an order due at a time, epoch ms, that cannot be read: any other one is changed. */
  readonly postpone: (reference: string, dueAt: number) => Promise<void>;
  /** Orders whose `field` is in `[from, to)`, by time, in pages. */
  readonly between: (
    field: InstantField,
    from: number,
    to: number,
  ) => AsyncIterable<readonly Entry[]>;
}

export interface StoreSettings {
  readonly clock: Clock;
  readonly random: () => number;
  readonly projectId: string;
  /** Who changes what is known of an order, for the audit trail; only customers place one. */
  readonly by: Actor;
  /** One call, ms. */
  readonly callMs: number;
  /** One transaction with all its repetitions, ms. */
  readonly changeMs: number;
}

function problemOf(error: unknown, projectId: string): unknown {
  if (error instanceof TimeUp) return new Problem('upstream-timeout');
  // Not from Firestore's client.
  if (codeOf(error) === undefined) return error;
  const words = error instanceof Error ? error.message : '';
  const known = explainFirestoreFailure(words, { projectId, service: 'payments' });
  return new Problem('upstream-unavailable', {
    cause: error,
    operator: {
      cause: known?.cause ?? 'A Firestore call failed',
      ...(known?.remedy !== undefined && { remedy: known.remedy }),
    },
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

const orderIn = (snapshot: DocumentSnapshot): Order | undefined =>
  snapshot.exists ? parseOrder(snapshot.id, snapshot.data()) : undefined;

function entryOf(snapshot: QueryDocumentSnapshot): Entry {
  const reference = snapshot.id;
  try {
    return { reference, order: parseOrder(reference, snapshot.data()) };
  } catch (error) {
    if (error instanceof MalformedOrder) return { reference, order: error };
    throw error;
  }
}

const messageContent = ({ createdAt, status, receivedAt }: StoredMessage) => ({
  createdAt,
  status,
  receivedAt,
  expiresAt: new Date(receivedAt + MESSAGE_MS),
});

const storedMessage = z.object({
  createdAt: z.int(),
  status: z.string(),
  receivedAt: z.int(),
});

/** The document is only written if it is as it was read. */
function put(batch: WriteBatch, seen: DocumentSnapshot, content: object): void {
  if (seen.updateTime === undefined) batch.create(seen.ref, content);
  else batch.update(seen.ref, { ...content }, { lastUpdateTime: seen.updateTime });
}

/**
 * Orders in Firestore: `orders/{reference}` with `orderMessages/{message_id}` below, together with
 * `entitlements/{uid}`, `users/{uid}/receipts/{reference}` and the entry in the audit trail.
 *
 * Transactions are optimistic, as those of premium/store.ts: one read of all documents, and one
 * atomic batch with preconditions on their update times. The locks of `runTransaction` would make a
 * hundred repetitions of a message wait for each other, and outlive an instance that dies.
 */
export function createPaymentStore(firestore: Firestore, settings: StoreSettings): PaymentStore {
  const { clock, random, projectId, by, callMs, changeMs } = settings;
  const orders = firestore.collection('orders');
  const enqueue = createKeyedQueue();

  async function call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await within(callMs, work());
    } catch (error) {
      throw problemOf(error, projectId);
    }
  }

  async function attempt<T>(
    { reference, uid, messageId }: Place,
    decide: Decide<T>,
  ): Promise<Attempt<T>> {
    const orderDocument = orders.doc(reference);
    const messageDocument =
      messageId === undefined ? undefined : orderDocument.collection(MESSAGES).doc(messageId);
    const entitlementDocument = firestore.collection('entitlements').doc(uid);
    const [order, entitlement, message] = await call(() =>
      firestore.getAll(
        orderDocument,
        entitlementDocument,
        ...(messageDocument ? [messageDocument] : []),
      ),
    );
    if (!order || !entitlement) throw new Error('Firestore read too few documents');
    const seen: Seen = {
      order: orderIn(order),
      entitlement: entitlement.exists ? parseDocument(uid, entitlement.data()) : undefined,
      isKnownMessage: message?.exists === true,
    };
    const now = order.readTime.toMillis();
    const { writes, result } = decide(seen, now);
    if (!writes) return { result };
    const batch = firestore.batch();
    if (writes.order) put(batch, order, toStored(writes.order));
    if (writes.entitlement) put(batch, entitlement, toDocument(writes.entitlement));
    if (writes.message && message) batch.create(message.ref, messageContent(writes.message));
    if (writes.receipt) {
      batch.set(firestore.doc(`users/${uid}/receipts/${reference}`), { ...writes.receipt });
    }
    const entry = auditEntry({
      ...{ uid, now, by: seen.order ? by : 'customer' },
      order: writes.order && { reference, before: seen.order, after: writes.order },
      premium: writes.entitlement && { before: seen.entitlement, after: writes.entitlement },
    });
    if (entry) batch.create(firestore.collection(AUDIT).doc(), { ...entry });
    try {
      await within(callMs, batch.commit());
      return { result };
    } catch (error) {
      if (isLostRace(error)) return undefined;
      throw problemOf(error, projectId);
    }
  }

  async function attemptUntilDone<T>(place: Place, decide: Decide<T>): Promise<T> {
    const done = await untilWon({ clock, random, ms: changeMs }, () => attempt(place, decide));
    if (done) return done.result;
    throw new Problem('upstream-unavailable', {
      operator: { cause: `Too many concurrent writers of orders/${place.reference}` },
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }

  async function* pages(query: Query): AsyncGenerator<readonly Entry[]> {
    for (let page = query.limit(PAGE); ;) {
      const { docs } = await call(() => page.get());
      if (docs.length > 0) yield docs.map(entryOf);
      const last = docs.at(-1);
      if (!last || docs.length < PAGE) return;
      page = query.startAfter(last).limit(PAGE);
    }
  }

  return {
    // In one process, those who write the same order do not race for it.
    change: (place, decide) => enqueue(place.reference, () => attemptUntilDone(place, decide)),
    read: async (reference) => orderIn(await call(() => orders.doc(reference).get())),
    messagesOf: async (reference) => {
      const messages = orders.doc(reference).collection(MESSAGES).orderBy('createdAt').limit(PAGE);
      return (await call(() => messages.get())).docs.flatMap((snapshot) => {
        const { data } = storedMessage.safeParse(snapshot.data());
        return data ? [{ messageId: snapshot.id, ...data }] : [];
      });
    },
    newest: async (size, uid) => {
      const some = uid === undefined ? orders : orders.where('uid', '==', uid);
      const query = some.orderBy('createdAt', 'desc').limit(size);
      return (await call(() => query.get())).docs.map(entryOf);
    },
    premiumUntilOf: async (uid) => {
      const document = await call(() => firestore.collection('entitlements').doc(uid).get());
      return document.exists ? parseDocument(uid, document.data()).premiumUntil : null;
    },
    due: (now) => pages(orders.where('dueAt', '<=', now).orderBy('dueAt')),
    postpone: async (reference, dueAt) => {
      await call(() => orders.doc(reference).update({ dueAt }));
    },
    between: (field, from, to) =>
      pages(orders.where(field, '>=', from).where(field, '<', to).orderBy(field)),
  };
}
