import { planned, PLANNED_LOGIN, type Step, type StepId } from './trace';

/**
 * The library retries with a new code, because the old one may be used up: the previous attempt is
 * folded into one line, and the plan restarts below it.
 */
export function foldAttempt(steps: readonly Step[]): readonly Step[] {
  const earlier = asEarlier(steps, 'exchange-answered', 'earlier-exchange');
  if (!earlier) return steps;
  return [...steps.filter(({ id }) => id === earlier.id), earlier, ...PLANNED_LOGIN];
}

/** The same for the custom token, which may be sent again. */
export function foldSignIn(steps: readonly Step[]): readonly Step[] {
  const earlier = asEarlier(steps, 'signed-in', 'earlier-sign-in');
  if (!earlier) return steps;
  return steps.flatMap((step) => {
    if (step.id === 'sign-in-asked') return [earlier, step];
    return step.id === 'signed-in' ? [planned(step.id)] : [step];
  });
}

/** The failed answer as a step of a previous attempt; undefined if it did not fail. */
function asEarlier(
  steps: readonly Step[],
  answered: StepId,
  earlier: 'earlier-exchange' | 'earlier-sign-in',
): Step | undefined {
  const answer = steps.find(({ id, state }) => id === answered && state === 'failed');
  return answer && { ...answer, id: earlier };
}
