import { h } from '../dom';
import type { Run } from '../login/recorder';
import { isUsual, LANES, type Lane, type Step } from '../login/trace';
import { duration } from '../text/duration';
import { TEXTS } from '../text/languages';
import type { Language } from '../language';
import type { Texts } from '../text/texts';
import { failureNote } from './failure-note';
import { isRestored, summaryOf } from './summary';
import { timeShares } from './time-shares';

/** The sequence diagram of a login; before the first one, its plan. */
export function sequence(
  run: Run | undefined,
  plan: readonly Step[],
  language: Language,
): HTMLElement {
  const texts = TEXTS[language];
  const lanes = LANES.filter((lane) => plan.some(({ from, to }) => from === lane || to === lane));
  return h(
    'div',
    {
      class: 'sequence',
      'data-key': String(run?.id ?? 'plan'),
      'data-lanes': lanes.length,
    },
    h('div', { class: 'lanes' }, ...lanes.map((lane) => laneHead(lane, texts))),
    h(
      'div',
      { class: 'sequence-body' },
      h('div', { class: 'lifelines', 'aria-hidden': 'true' }, ...lanes.map(() => h('i'))),
      h('ol', {}, ...(run?.steps ?? plan).flatMap((step) => drawn(step, run, language))),
    ),
    h('p', { class: 'summary' }, run ? summaryOf(run, texts, language) : texts.sequence.before),
    run?.state === 'ok' && !isRestored(run) && timeShares(run, language),
  );
}

function laneHead(lane: Lane, { sequence }: Texts): HTMLElement {
  const { name, place } = sequence.lanes[lane];
  return h('p', { class: `lane lane-${lane}` }, h('b', {}, name), h('small', {}, place));
}

function drawn(step: Step, run: Run | undefined, language: Language): readonly HTMLElement[] {
  const texts = TEXTS[language].sequence;
  const from = LANES.indexOf(step.from);
  const to = LANES.indexOf(step.to);
  const direction = from === to ? 'self' : from < to ? 'right' : 'left';
  const row = h(
    'li',
    {
      class: `step is-${step.state}`,
      'data-step': step.id,
      'data-left': Math.min(from, to),
      'data-right': Math.max(from, to),
      'data-direction': direction,
    },
    h(
      'p',
      { class: 'step-words' },
      h('code', {}, step.label),
      ' ',
      h('span', { class: 'step-explanation' }, explanation(step, run, texts)),
      ' ',
      step.detail !== undefined && h('code', { class: 'step-detail' }, step.detail),
      stateWords(step, texts),
    ),
    h('span', { class: 'step-arrow', 'aria-hidden': 'true' }, h('i')),
    h('span', { class: 'step-time' }, step.ms === undefined ? '' : duration(step.ms, language)),
  );
  const lastFailed = run?.steps.findLast(({ state }) => state === 'failed');
  return run?.failure && step === lastFailed ? [row, failureNote(run.failure, language)] : [row];
}

function explanation(step: Step, run: Run | undefined, texts: Texts['sequence']): string {
  if (!isUsual(step)) return '';
  const notReached = step.state === 'planned' && run?.state === 'failed';
  return notReached ? texts.notReached : texts.steps[step.id];
}

/** A text alternative to colour and motion. */
function stateWords({ state }: Step, texts: Texts['sequence']): HTMLElement | undefined {
  if (state !== 'waiting' && state !== 'failed') return undefined;
  const words = state === 'waiting' ? texts.waiting : texts.failedHere;
  return h('span', { class: 'visually-hidden' }, ` (${words})`);
}
