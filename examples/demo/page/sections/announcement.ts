import { h } from '../dom';
import type { Run } from '../login/recorder';
import type { Section, State } from '../state';
import { duration } from '../text/duration';
import { TEXTS } from '../text/languages';
import { summaryOf } from './summary';

/** For screen readers during a login: the latest step. */
export const announcement: Section = (state) => h('span', {}, spoken(state));

function spoken(state: State): string {
  const opened = state.openScenario && state.scenarioRuns[state.openScenario];
  const run = (opened?.id ?? 0) > (state.login?.id ?? 0) ? opened : state.login;
  return run ? lastWords(run, state) : '';
}

function lastWords(run: Run, { language }: State): string {
  const texts = TEXTS[language];
  if (run.failure) return `${run.failure.code}. ${run.failure.detail}`;
  if (run.state === 'ok') return summaryOf(run, texts, language);
  const step = run.steps.findLast(({ state }) => state !== 'planned');
  if (!step) return texts.sequence.running;
  const took = step.ms === undefined ? '' : `, ${duration(step.ms, language)}`;
  return `${step.label}: ${texts.sequence.steps[step.id]}${took}`;
}
