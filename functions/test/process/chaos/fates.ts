import { createHash } from 'node:crypto';
import type { IamFault } from '@tiki-bridge/testing/google/iam-errors';
import type { Fault as NetworkFault } from '@tiki-bridge/testing/google/loopback-fake';
import type { Fault as TikiFault } from '@tiki-bridge/tiki-simulator/server';
import type { ProblemCode } from '../../../src/problem';

/** A fault of an exchange at Tiki, and the expected outcome; `ok` if it does no harm. */
export interface TikiFate {
  readonly fault: TikiFault;
  readonly expected: ProblemCode | 'ok';
}
export type IamFate = NetworkFault<IamFault>;
export type MetadataFate = NetworkFault<'unavailable'>;
/** How the caller sends the body: at once, the second half a second later, or never. */
export type Manner = 'at-once' | 'drips' | 'stalls';
export type Host = 'tiki' | 'iam' | 'metadata';

/**
 * The faults of each call. They depend only on the seed and the call, not on the order in which calls
 * arrive; null for no fault. Attempts count from 0 for each customer.
 */
export interface Fates {
  readonly manner: (customerId: string) => Manner;
  readonly tiki: (customerId: string) => TikiFate | null;
  readonly iam: (customerId: string, attempt: number) => IamFate | null;
  /** Calls of the metadata server are per instance: by path and number of earlier calls. */
  readonly metadata: (path: string, nth: number) => MetadataFate | null;
  /** Whether the DNS lookup succeeds. `who` is a customer, or `instance` for the metadata server. */
  readonly isFound: (host: Host, who: string, attempt: number) => boolean;
}

export const TIKI_FATES: readonly TikiFate[] = [
  { fault: { kind: 'latency', ms: 400 }, expected: 'ok' },
  { fault: { kind: 'latency', ms: 2_500 }, expected: 'ok' },
  { fault: { kind: 'missing-customer' }, expected: 'ok' },
  { fault: { kind: 'hang' }, expected: 'tiki-timeout' },
  { fault: { kind: 'slow-body', ms: 10_000 }, expected: 'tiki-timeout' },
  { fault: { kind: 'status', status: 500 }, expected: 'tiki-unavailable' },
  { fault: { kind: 'status', status: 503, retryAfterSeconds: 1 }, expected: 'tiki-unavailable' },
  { fault: { kind: 'reset' }, expected: 'tiki-unavailable' },
  { fault: { kind: 'reset-after-headers' }, expected: 'tiki-unavailable' },
  {
    fault: { kind: 'error-envelope', reason: 'something_new', status: 500 },
    expected: 'tiki-unavailable',
  },
  { fault: { kind: 'redirect' }, expected: 'tiki-bad-response' },
  { fault: { kind: 'garbage' }, expected: 'tiki-bad-response' },
  { fault: { kind: 'html' }, expected: 'tiki-bad-response' },
  { fault: { kind: 'empty' }, expected: 'tiki-bad-response' },
  { fault: { kind: 'wrong-types' }, expected: 'tiki-bad-response' },
  { fault: { kind: 'customer-id', json: '1e3' }, expected: 'tiki-bad-response' },
  { fault: { kind: 'oversized', bytes: 200_000 }, expected: 'tiki-bad-response' },
  { fault: { kind: 'gzip-bomb', bytes: 20_000_000 }, expected: 'tiki-bad-response' },
  { fault: { kind: 'error-envelope', reason: 'invalid_code' }, expected: 'invalid-code' },
];
const TIKI_SHARE = 0.25;

/** The share of calls with each fault; the others have none. */
export const IAM_FATES: readonly (readonly [number, IamFate])[] = [
  [0.1, { latencyMs: 300 }],
  [0.01, { latencyMs: 2_000 }],
  [0.02, { slowBodyMs: 200 }],
  [0.005, { slowBodyMs: 10_000 }],
  [0.02, 'reset'],
  [0.02, 'garbage'],
  [0.02, 'internal'],
  [0.02, 'unavailable'],
  [0.01, 'rate-limited'],
  [0.01, 'hang'],
];

/** For each path, a deck that is reshuffled after it is used up, so that few calls meet all faults. */
export const METADATA_FATES: readonly (MetadataFate | null)[] = [
  ...Array<null>(14).fill(null),
  ...(['hang', 'reset', 'reset', 'garbage', 'garbage', 'unavailable', 'unavailable'] as const),
  { latencyMs: 200 },
  { latencyMs: 1_000 },
  { slowBodyMs: 200 },
  { slowBodyMs: 10_000 },
];

const NOT_FOUND_SHARE: Readonly<Record<Host, number>> = { tiki: 0.08, iam: 0.03, metadata: 0.15 };

const MANNERS: readonly (readonly [number, Manner])[] = [
  [0.008, 'stalls'],
  [0.02, 'drips'],
];

/** Picks by a number in [0, 1), weighted by share. */
function pick<T>(shares: readonly (readonly [number, T])[], chance: number): T | undefined {
  let sum = 0;
  return shares.find(([share]) => chance < (sum += share))?.[1];
}

export function createFates(seed: number): Fates {
  /** A deterministic number in [0, 1) for the arguments. */
  function chance(...about: readonly (string | number)[]): number {
    const digest = createHash('sha256')
      .update([seed, ...about].join('/'))
      .digest();
    return digest.readUInt32BE() / 2 ** 32;
  }

  function draw<T>(deck: readonly T[], what: string, nth: number): T | undefined {
    const round = Math.floor(nth / deck.length);
    const order = deck
      .map((card, index) => ({ card, place: chance(what, round, index) }))
      .sort((a, b) => a.place - b.place);
    return order[nth % deck.length]?.card;
  }

  return {
    manner: (customerId) => pick(MANNERS, chance('manner', customerId)) ?? 'at-once',
    tiki: (customerId) =>
      TIKI_FATES[Math.floor((chance('tiki', customerId) / TIKI_SHARE) * TIKI_FATES.length)] ?? null,
    iam: (customerId, attempt) => pick(IAM_FATES, chance('iam', customerId, attempt)) ?? null,
    metadata: (path, nth) => draw(METADATA_FATES, `metadata ${path}`, nth) ?? null,
    isFound: (host, who, attempt) => chance('name', host, who, attempt) >= NOT_FOUND_SHARE[host],
  };
}
