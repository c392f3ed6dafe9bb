export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One line of the report: what is measured, and its goal. */
export interface Row {
  readonly name: string;
  /** The denominator, such as `÷ hello`, or the unit of a figure that is not a ratio. */
  readonly unit: string;
  /** Absent for figures that describe this machine and give context. */
  readonly goal?: Goal;
}

/** How much of the goal is used: 1 is the goal itself, less is better. */
export function shareOfGoal(goal: Goal, figure: number): number {
  return 'atMost' in goal ? figure / goal.atMost : goal.atLeast / figure;
}
