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

/** The median as a share of what the bound allows: 1 is the bound itself, less is better. */
export function shareOfBound(figure: Figure, median: number): number {
  return figure.bound === 'at most' ? median / figure.target : figure.target / median;
}
