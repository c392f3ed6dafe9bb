/** How much of everything is measured. */
export interface Plan {
  /** Rounds of each figure; the spread is over them. */
  readonly rounds: number;
  /** Logins of each target before anything is measured: V8 compiles what is hot as it goes. */
  readonly warmUpLogins: number;
  /** Logins a round of one caller, each of more than 100 ms. */
  readonly latencyLogins: number;
  /** Seconds a round of 64 callers, for each target. */
  readonly throughputSeconds: number;
  /** Seconds a round of callers by themselves, and as long again beside hanging ones. */
  readonly besideSeconds: number;
  /** Logins over which memory must not grow. */
  readonly memoryLogins: number;
}

/** What the targets are set for. */
export const FULL: Plan = {
  rounds: 5,
  warmUpLogins: 5_000,
  latencyLogins: 50,
  throughputSeconds: 3,
  besideSeconds: 4,
  memoryLogins: 20_000,
};

/** Under a minute: shows that everything works, says little about the figures. */
export const QUICK: Plan = {
  rounds: 2,
  warmUpLogins: 500,
  latencyLogins: 10,
  throughputSeconds: 1,
  besideSeconds: 2,
  memoryLogins: 1_000,
};
