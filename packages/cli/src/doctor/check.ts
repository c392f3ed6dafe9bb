import type { Facts } from './facts';
import type { Verdict } from './finding';
import type { World } from './world';

export type Area = 'This machine' | 'Google Cloud' | 'Tiki' | 'Way in';

interface Description {
  /** For `--json`; never changes meaning. */
  readonly name: string;
  readonly title: string;
  readonly area: Area;
  /** The fact that only this check can establish. */
  readonly gives?: keyof Facts;
}

/** The needed facts, and others if they are known. */
export type Known<Need extends keyof Facts> = Partial<Facts> & Pick<Facts, Need>;

export interface Check extends Description {
  readonly needs: readonly (keyof Facts)[];
  /** @throws Error when a needed fact is missing: ask {@link missingFact} first. */
  readonly look: (world: World, facts: Partial<Facts>) => Promise<Verdict>;
}

function knows<Need extends keyof Facts>(
  facts: Partial<Facts>,
  needs: readonly Need[],
): facts is Known<Need> {
  return needs.every((need) => facts[need] !== undefined);
}

export function missingFact(check: Check, facts: Partial<Facts>): keyof Facts | undefined {
  return check.needs.find((need) => facts[need] === undefined);
}

/** Makes a check from a function that gets the facts it needs. */
export function defineCheck<Need extends keyof Facts>(
  description: Description & {
    readonly needs: readonly Need[];
    readonly look: (world: World, facts: Known<Need>) => Verdict | Promise<Verdict>;
  },
): Check {
  const { look, needs } = description;
  return {
    ...description,
    look: async (world, facts) => {
      if (!knows(facts, needs)) throw new Error(`${description.name} lacks a fact`);
      return look(world, facts);
    },
  };
}
