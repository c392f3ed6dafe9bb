import { logFailure } from './log-failure';
import type { ProjectSettings } from './settings';

/** One payment, as the bridge wrote it into `users/{uid}/receipts/{reference}`. */
export interface Receipt {
  readonly reference: string;
  readonly name: { readonly vi: string; readonly en: string };
  /** A whole number of VND. */
  readonly priceVnd: number;
  /** Epoch ms. */
  readonly paidAt: number;
  /** Epoch ms; null unless it was paid back. */
  readonly refundedAt: number | null;
}

export type Receipts =
  | { readonly state: 'read'; readonly receipts: readonly Receipt[] }
  | { readonly state: 'unavailable' };

/** The newest; who has more finds them in the Tini App. */
const MOST = 50;
const READ_MS = 5_000;

const UNAVAILABLE: Receipts = { state: 'unavailable' };

// Below: values as Firestore's REST API writes them, such as {"integerValue": "49000"}.

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string {
  const text = fieldOf(value, 'stringValue');
  if (typeof text !== 'string') throw new Error('not a text');
  return text;
}

function wholeOf(value: unknown): number {
  const number = Number(fieldOf(value, 'integerValue'));
  if (!Number.isSafeInteger(number)) throw new Error('not a whole number');
  return number;
}

const isNull = (value: unknown) => fieldOf(value, 'nullValue') !== undefined;

function receiptOf(document: unknown): Receipt {
  const fields = fieldOf(document, 'fields');
  const field = (name: string) => fieldOf(fields, name);
  const names = fieldOf(fieldOf(field('name'), 'mapValue'), 'fields');
  return {
    reference: textOf(field('reference')),
    name: { vi: textOf(fieldOf(names, 'vi')), en: textOf(fieldOf(names, 'en')) },
    priceVnd: wholeOf(field('priceVnd')),
    paidAt: wholeOf(field('paidAt')),
    refundedAt: isNull(field('refundedAt')) ? null : wholeOf(field('refundedAt')),
  };
}

function receiptsIn(answer: unknown): readonly Receipt[] {
  // Without documents the answer is {}.
  const documents = fieldOf(answer, 'documents') ?? [];
  if (!Array.isArray(documents)) throw new Error('not a list');
  return documents.map(receiptOf);
}

/**
 * The user's receipts, newest first, with the user's own rights. Not with the SDK, which has queries
 * but no lists: the Firestore emulator takes no query below `users/tiki:1`, because of the colon.
 *
 * @param idToken Verified.
 */
export async function readReceipts(
  { uid, idToken }: { readonly uid: string; readonly idToken: string },
  { projectId, firestoreEmulatorHost, emulated }: ProjectSettings,
): Promise<Receipts> {
  // An emulated function without a Firestore emulator must not ask production.
  if (emulated && firestoreEmulatorHost === undefined) return UNAVAILABLE;
  const origin =
    firestoreEmulatorHost === undefined
      ? 'https://firestore.googleapis.com'
      : `http://${firestoreEmulatorHost}`;
  const documents = `projects/${projectId}/databases/(default)/documents`;
  const query = new URLSearchParams({ orderBy: 'paidAt desc', pageSize: String(MOST) });
  try {
    const response = await fetch(
      `${origin}/v1/${documents}/users/${encodeURIComponent(uid)}/receipts?${String(query)}`,
      {
        headers: { Authorization: `Bearer ${idToken}` },
        redirect: 'error',
        signal: AbortSignal.timeout(READ_MS),
      },
    );
    // Everybody may read their own receipts, so a refusal is a fault, too.
    if (!response.ok) throw new Error(`Firestore answered ${response.status}`);
    return { state: 'read', receipts: receiptsIn(await response.json()) };
  } catch (error) {
    logFailure('Reading receipts failed', error);
    return UNAVAILABLE;
  }
}
