import { createHash } from 'node:crypto';
import type { IamFault } from '@tiki-bridge/testing/google/iam-errors';
import type { Fault as NetworkFault } from '@tiki-bridge/testing/google/loopback-fake';
import type { Fault as TikiFault } from '@tiki-bridge/tiki-simulator/server';
import type { ProblemCode } from '../../../src/problem';

/** What befalls an exchange at Tiki, and what its customer hears of it; `ok` where it does no harm. */
export interface TikiFate {
  readonly fault: TikiFault;
  readonly heard: ProblemCode | 'ok';
}
export type IamFate = NetworkFault<IamFault>;
export type MetadataFate = NetworkFault<'unavailable'>;
/** How the caller sends the body: the second half a second later, or never. */
export type Manner = 'at-once' | 'drips' | 'stalls';
export type Host = 'tiki' | 'iam' | 'metadata';

/**
 * What befalls whom. It follows from the seed and from whose call it is, never from the order in
 * which calls arrive; null lets a call pass. Attempts are counted from 0, for each customer.
 */
export interface Fates {
  readonly manner: (customerId: string) => Manner;
  readonly tiki: (customerId: string) => TikiFate | null;
  readonly iam: (customerId: string, attempt: number) => IamFate | null;
  /** The metadata server is asked for the whole instance: by path, and how often before. */
  readonly metadata: (path: string, nth: number) => MetadataFate | null;
  /** Whether the name is found. `who` is a customer, or nobody for the metadata server. */
  readonly isFound: (host: Host, who: string, attempt: number) => boolean;
}

export const TIKI_FATES: readonly TikiFate[] = [
  { fault: { kind: 'latency', ms: 400 }, heard: 'ok' },
  { fault: { kind: 'latency', ms: 2_500 }, heard: 'ok' },
  { fault: { kind: 'missing-customer' }, heard: 'ok' },
  { fault: { kind: 'hang' }, heard: 'tiki-timeout' },
  { fault: { kind: 'slow-body', ms: 10_000 }, heard: 'tiki-timeout' },
  { fault: { kind: 'status', status: 500 }, heard: 'tiki-unavailable' },
  { fault: { kind: 'status', status: 503, retryAfterSeconds: 1 }, heard: 'tiki-unavailable' },
  { fault: { kind: 'reset' }, heard: 'tiki-unavailable' },
  { fault: { kind: 'reset-after-headers' }, heard: 'tiki-unavailable' },
  {
    fault: { kind: 'error-envelope', reason: 'something_new', status: 500 },
    heard: 'tiki-unavailable',
  },
  { fault: { kind: 'redirect' }, heard: 'tiki-bad-response' },
  { fault: { kind: 'garbage' }, heard: 'tiki-bad-response' },
  { fault: { kind: 'html' }, heard: 'tiki-bad-response' },
  { fault: { kind: 'empty' }, heard: 'tiki-bad-response' },
  { fault: { kind: 'wrong-types' }, heard: 'tiki-bad-response' },
  { fault: { kind: 'customer-id', json: '1e3' }, heard: 'tiki-bad-response' },
  { fault: { kind: 'oversized', bytes: 200_000 }, heard: 'tiki-bad-response' },
  { fault: { kind: 'gzip-bomb', bytes: 20_000_000 }, heard: 'tiki-bad-response' },
  { fault: { kind: 'error-envelope', reason: 'invalid_code' }, heard: 'invalid-code' },
];
const TIKI_SHARE = 0.25;

/** The share of calls that each befalls; the others pass. */
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

/** For each path, a pack that is shuffled and dealt again and again: few calls, and yet each fate comes up. */
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

/** What a number in [0, 1) falls on, where each has a share of the whole. */
function fallsOn<T>(shares: readonly (readonly [number, T])[], chance: number): T | undefined {
  let sum = 0;
  return shares.find(([share]) => chance < (sum += share))?.[1];
}

export function createFates(seed: number): Fates {
  /** In [0, 1), and always the same for the same things. */
  function chance(...about: readonly (string | number)[]): number {
    const digest = createHash('sha256')
      .update([seed, ...about].join('/'))
      .digest();
    return digest.readUInt32BE() / 2 ** 32;
  }

  function dealt<T>(pack: readonly T[], what: string, nth: number): T | undefined {
    const round = Math.floor(nth / pack.length);
    const order = pack
      .map((card, index) => ({ card, place: chance(what, round, index) }))
      .sort((a, b) => a.place - b.place);
    return order[nth % pack.length]?.card;
  }

  return {
    manner: (customerId) => fallsOn(MANNERS, chance('manner', customerId)) ?? 'at-once',
    tiki: (customerId) =>
      TIKI_FATES[Math.floor((chance('tiki', customerId) / TIKI_SHARE) * TIKI_FATES.length)] ?? null,
    iam: (customerId, attempt) => fallsOn(IAM_FATES, chance('iam', customerId, attempt)) ?? null,
    metadata: (path, nth) => dealt(METADATA_FATES, `metadata ${path}`, nth) ?? null,
    isFound: (host, who, attempt) => chance('name', host, who, attempt) >= NOT_FOUND_SHARE[host],
  };
}
