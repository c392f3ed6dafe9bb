import { planned, PLANNED_LOGIN, type Step, type StepId } from './trace';

/**
 * The library asks for another code, since the old one may be used up: what became of that one
 * shrinks to a line, and the plan begins again below it.
 */
export function foldAttempt(steps: readonly Step[]): readonly Step[] {
  const earlier = asEarlier(steps, 'exchange-answered', 'earlier-exchange');
  if (!earlier) return steps;
  return [...steps.filter(({ id }) => id === earlier.id), earlier, ...PLANNED_LOGIN];
}

/** The same for the custom token, which may be handed in again. */
export function foldSignIn(steps: readonly Step[]): readonly Step[] {
  const earlier = asEarlier(steps, 'signed-in', 'earlier-sign-in');
  if (!earlier) return steps;
  return steps.flatMap((step) => {
    if (step.id === 'sign-in-asked') return [earlier, step];
    return step.id === 'signed-in' ? [planned(step.id)] : [step];
  });
}

/** The answer that failed as the step of an attempt that is over; undefined when it did not. */
function asEarlier(
  steps: readonly Step[],
  answered: StepId,
  earlier: 'earlier-exchange' | 'earlier-sign-in',
): Step | undefined {
  const answer = steps.find(({ id, state }) => id === answered && state === 'failed');
  return answer && { ...answer, id: earlier };
}
