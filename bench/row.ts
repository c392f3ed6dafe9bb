export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One line of the report: what a figure is of, and what it should be. */
export interface Row {
  readonly name: string;
  /** The denominator, such as `÷ hello`, or the unit of a figure that is no ratio. */
  readonly unit: string;
  /** Absent for figures that describe this machine and only help to read the others. */
  readonly goal?: Goal;
}

/** How much of what the goal allows is used: 1 is the goal itself, less is better. */
export function shareOfGoal(goal: Goal, figure: number): number {
  return 'atMost' in goal ? figure / goal.atMost : goal.atLeast / figure;
}
