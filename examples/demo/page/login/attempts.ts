import { planned, type Step, type StepId } from './trace';

/**
 * The library sends the code again if the bridge says that it did not use it. The earlier answer is
 * folded into one line, and what follows is planned again.
 */
export const foldExchange = (steps: readonly Step[]): readonly Step[] =>
  fold(steps, 'exchange-asked', 'exchange-answered', 'earlier-exchange');

/** The same for the custom token. */
export const foldSignIn = (steps: readonly Step[]): readonly Step[] =>
  fold(steps, 'sign-in-asked', 'signed-in', 'earlier-sign-in');

function fold(
  steps: readonly Step[],
  asked: StepId,
  answered: StepId,
  earlier: StepId,
): readonly Step[] {
  const failed = steps.find(({ id, state }) => id === answered && state === 'failed');
  if (!failed) return steps;
  const start = steps.findIndex(({ id }) => id === asked);
  return [
    ...steps.slice(0, start),
    { ...failed, id: earlier },
    ...steps.slice(start).map(({ id }) => planned(id)),
  ];
}
