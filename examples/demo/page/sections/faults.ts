import { h } from '../dom';
import { outcomeOf, type Outcome } from '../faults/outcome';
import { SCENARIOS, type ScenarioGroup } from '../faults/scenarios';
import type { Section, State } from '../state';
import { TEXTS } from '../text/languages';
import { busyNote } from './busy-note';
import { faultTable } from './fault-table';

/** Two columns of similar height. */
const COLUMNS: readonly (readonly ScenarioGroup[])[] = [
  ['code', 'refusal', 'time', 'line'],
  ['answer', 'id'],
];

/** All faults as buttons, with their results. */
export const faults: Section = (state, actions) => {
  const texts = TEXTS[state.language].faults;
  return h(
    'div',
    { class: 'page-width faults' },
    h('h2', { id: 'faults-heading' }, texts.heading),
    h('p', { class: 'section-lead' }, texts.lead),
    h(
      'div',
      { class: 'faults-bar' },
      h(
        'button',
        {
          type: 'button',
          id: 'run-all',
          class: 'secondary',
          'aria-disabled': String(state.busyWith !== 'nothing'),
          'aria-describedby': 'faults-busy',
          onclick: actions.runAllScenarios,
        },
        state.busyWith === 'all-scenarios' ? texts.runningAll : texts.runAll,
      ),
      h('p', { class: 'tally', role: 'status' }, tally(state)),
      busyNote('faults-busy', state),
    ),
    h(
      'div',
      { class: 'fault-columns' },
      ...COLUMNS.map((groups) =>
        h('div', {}, ...groups.map((group) => faultTable(group, state, actions))),
      ),
    ),
  );
};

function tally({ scenarioRuns, language }: State): string {
  const finished = SCENARIOS.map((scenario) =>
    outcomeOf(scenario, scenarioRuns[scenario.id]),
  ).filter(isFinished);
  if (finished.length === 0) return '';
  const good = finished.filter(({ asDocumented }) => asDocumented);
  return TEXTS[language].faults.tally(good.length, finished.length);
}

function isFinished(outcome: Outcome): outcome is Outcome & { kind: 'finished' } {
  return outcome.kind === 'finished';
}
