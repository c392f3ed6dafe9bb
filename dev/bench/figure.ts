/** One figure of the table: what was measured in each round, against what it must not miss. */
export interface Figure {
  readonly name: string;
  /** What the ratio is to. */
  readonly against: string;
  readonly bound: 'at most' | 'at least';
  readonly target: number;
  /** One ratio a round. */
  readonly ratios: readonly number[];
}

/** How many of the bound's own lengths the median is away; at most 1 is met, for either bound. */
export function shareOfBound(figure: Figure, median: number): number {
  return figure.bound === 'at most' ? median / figure.target : figure.target / median;
}
