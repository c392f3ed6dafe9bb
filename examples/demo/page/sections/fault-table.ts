import { h } from '../dom';
import { outcomeOf, type Outcome } from '../faults/outcome';
import { SCENARIOS, type Scenario, type ScenarioGroup } from '../faults/scenarios';
import { PLANNED_EXCHANGE } from '../login/trace';
import type { Actions, State } from '../state';
import { duration } from '../text/duration';
import { TEXTS } from '../text/languages';
import type { Texts } from '../text/texts';
import { sequence } from './sequence';

const COLUMNS = ['scenario', 'status', 'code', 'time'] as const;

/** A group of faults; the selected one is expanded with its diagram. */
export function faultTable(group: ScenarioGroup, state: State, actions: Actions): HTMLElement {
  const texts = TEXTS[state.language].faults;
  return h(
    'table',
    {},
    h('caption', {}, texts.groups[group]),
    h('thead', {}, h('tr', {}, ...COLUMNS.map((column) => columnHead(column, texts)))),
    h(
      'tbody',
      {},
      ...SCENARIOS.filter((scenario) => scenario.group === group).flatMap((scenario) =>
        rowsOf(scenario, state, actions),
      ),
    ),
  );
}

/** For screen readers only: visually the columns are self-explanatory. */
function columnHead(column: (typeof COLUMNS)[number], { columns }: Texts['faults']): HTMLElement {
  return h(
    'th',
    { scope: 'col', class: `column-${column}` },
    h('span', { class: 'visually-hidden' }, columns[column]),
  );
}

function rowsOf(scenario: Scenario, state: State, actions: Actions): readonly HTMLElement[] {
  const { busyWith, language, openScenario, scenarioRuns } = state;
  const texts = TEXTS[language].faults;
  const run = scenarioRuns[scenario.id];
  const open = openScenario === scenario.id;
  const outcome = outcomeOf(scenario, run);
  const row = h(
    'tr',
    {
      class: `scenario is-${outcome.kind}`,
      'data-key': scenario.id,
      'data-scenario': scenario.id,
    },
    h(
      'th',
      { scope: 'row' },
      h(
        'button',
        {
          type: 'button',
          'aria-expanded': String(open),
          'aria-disabled': String(busyWith !== 'nothing'),
          'aria-describedby': 'faults-busy',
          onclick: () => {
            actions.runScenario(scenario.id);
          },
        },
        texts.scenarios[scenario.id],
      ),
    ),
    h('td', { class: 'scenario-status' }, String(run?.status ?? '')),
    h('td', { class: 'scenario-code' }, outcomeWords(scenario, outcome, texts)),
    h(
      'td',
      { class: 'scenario-time' },
      run?.exchangeMs === undefined ? '' : duration(run.exchangeMs, language),
    ),
  );
  if (!open || !run) return [row];
  const diagram = sequence(run, PLANNED_EXCHANGE, language);
  const detail = h(
    'tr',
    { class: 'scenario-detail', 'data-key': `${scenario.id}-detail` },
    h('td', { colspan: COLUMNS.length }, diagram),
  );
  return [row, detail];
}

function outcomeWords(scenario: Scenario, outcome: Outcome, texts: Texts['faults']): HTMLElement {
  const named = (code: string) => (code === 'ok' ? texts.ok : code);
  if (outcome.kind !== 'finished') {
    return h(
      'span',
      { class: 'documented' },
      h('span', { class: 'visually-hidden' }, texts.documented),
      ' ',
      h('code', {}, named(scenario.expect)),
    );
  }
  const { code, asDocumented } = outcome;
  return h(
    'span',
    { class: asDocumented ? 'came-out' : 'came-out wrong' },
    h('code', {}, named(code)),
    ' ',
    h(
      'span',
      { class: asDocumented ? 'visually-hidden' : '' },
      asDocumented ? texts.asDocumented : texts.notAsDocumented,
    ),
  );
}
