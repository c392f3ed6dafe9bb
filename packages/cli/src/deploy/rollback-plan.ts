import type { Release } from './hosting-releases';
import type { Revision } from './revisions';
import type { Served } from './run-services';

/** A secret of which another version is used after a rollback than now. */
export interface SecretChange {
  readonly secret: string;
  readonly from: string;
  readonly to: string;
}

/** What is done about one function, or about Hosting. */
export type Move<T> =
  | {
      readonly kind: 'to';
      readonly target: T;
      readonly from: string;
      readonly secrets: readonly SecretChange[];
    }
  /** It is what it was before. */
  | { readonly kind: 'stays'; readonly why: string };

/** One deployment takes less than this, ms: what is older than the newest by more is of another. */
const ONE_DEPLOYMENT_MS = 30 * 60_000;

/** The start of the last deployment, epoch ms; undefined: there was none. */
export function startOfLast(
  functions: readonly (readonly Revision[])[],
  releases: readonly Release[],
): number | undefined {
  const times = [
    ...functions.flat().map(({ createdAt }) => createdAt),
    // A rollback releases a version again. It is no deployment, and would move the start.
    ...releases
      .filter(({ version }, i) => !releases.slice(i + 1).some((older) => older.version === version))
      .map(({ releasedAt }) => releasedAt),
  ];
  return times.length === 0 ? undefined : Math.max(...times) - ONE_DEPLOYMENT_MS;
}

function secretChanges(now: Revision['secrets'], then: Revision['secrets']): SecretChange[] {
  return [...then].flatMap(([secret, to]) => {
    const from = now.get(secret) ?? 'none';
    return from === to ? [] : [{ secret, from, to }];
  });
}

/** @param before Epoch ms. */
export function moveFunction(
  { traffic }: Served,
  revisions: readonly Revision[],
  before: number,
): Move<Revision> {
  const latest = revisions.find(({ isReady }) => isReady);
  const serving = traffic === 'latest' ? (latest?.name ?? 'none') : traffic;
  const target = revisions.find(({ createdAt, isReady }) => isReady && createdAt < before);
  if (!target) return { kind: 'stays', why: 'there is no earlier revision' };
  if (serving === target.name) return { kind: 'stays', why: `${serving} serves already` };
  // Never forward: a newer revision that gets no traffic is one that somebody went back from.
  const current = revisions.find(({ name }) => name === serving);
  if (traffic !== 'split' && (!current || current.createdAt < target.createdAt)) {
    return { kind: 'stays', why: `${serving} serves, which is older` };
  }
  // Of traffic that is split, the newest revision counts.
  const secrets = secretChanges((current ?? latest)?.secrets ?? new Map(), target.secrets);
  return { kind: 'to', target, from: serving, secrets };
}

/** @param before Epoch ms. */
export function moveHosting(releases: readonly Release[], before: number): Move<Release> {
  const target = releases.find(({ releasedAt, isKept }) => isKept && releasedAt < before);
  const current = releases[0];
  if (!target || !current) return { kind: 'stays', why: 'there is no earlier version' };
  if (current.version === target.version)
    return { kind: 'stays', why: 'this version is served already' };
  return { kind: 'to', target, from: current.version.split('/').at(-1) ?? '', secrets: [] };
}
