import { createFates, IAM_FATES, METADATA_FATES, TIKI_FATES } from './fates';

const customerIds = Array.from({ length: 4_000 }, (_, index) => String(index));
const numbers = METADATA_FATES.map((_, nth) => nth);

const fatesOf = (seed: number, whose: readonly string[]) => {
  const fates = createFates(seed);
  return whose.map((id) => [
    fates.manner(id),
    fates.tiki(id),
    fates.iam(id, 0),
    fates.iam(id, 1),
    fates.isFound('tiki', id, 0),
    fates.metadata('token', Number(id) % 100),
  ]);
};

describe('fates', () => {
  it('are the same for the same seed, in any order', () => {
    const backwards = fatesOf(1, [...customerIds].reverse()).reverse();
    expect(fatesOf(1, customerIds)).toEqual(backwards);
  });

  it('differ for another seed', () => {
    expect(fatesOf(1, customerIds)).not.toEqual(fatesOf(2, customerIds));
  });

  it('include every possible fault', () => {
    const { manner, tiki, iam, metadata } = createFates(1);
    expect(new Set(customerIds.map(manner))).toEqual(new Set(['at-once', 'drips', 'stalls']));
    expect(new Set(customerIds.map(tiki))).toEqual(new Set([null, ...TIKI_FATES]));
    const possible = IAM_FATES.map(([, fate]) => fate);
    expect(new Set(customerIds.map((id) => iam(id, 0)))).toEqual(new Set([null, ...possible]));
    // The whole deck is drawn before it is shuffled again.
    const drawn = numbers.map((nth) => metadata('token', nth));
    expect(new Set(drawn)).toEqual(new Set(METADATA_FATES));
  });
});
