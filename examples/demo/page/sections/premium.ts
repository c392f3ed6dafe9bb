import { h } from '../dom';
import { type Condition, type Facts, GATE_IDS, marksOf, type PremiumPress } from '../premium/story';
import type { Actions, Section, State } from '../state';
import { amountOf, dayAndTime } from '../text/duration';
import { TEXTS } from '../text/languages';
import type { Texts } from '../text/texts';
import type { Language } from '../language';
import { busyNote } from './busy-note';
import { gate } from './gate';
import { premiumTimeline } from './premium-timeline';
import { shop } from './shop';

const STEPS = ['grant', 'expire', 'refund'] as const satisfies readonly PremiumPress[];

/** Buttons to grant and revoke premium, and the two gates. */
export const premium: Section = (state, actions) => {
  const texts = TEXTS[state.language].premium;
  const { firestore, premiumOrigin } = state.config;
  const { session } = state;
  return h(
    'div',
    { class: 'page-width premium' },
    h('h2', { id: 'premium-heading' }, texts.heading),
    h('p', { class: 'section-lead' }, texts.lead),
    !firestore.available || premiumOrigin === undefined
      ? h(
          'p',
          { class: 'nothing-yet', 'data-key': 'missing' },
          texts.needsFirestore(firestore.available ? '' : firestore.reason),
        )
      : session.state === 'in'
        ? panel(state, actions)
        : h('p', { class: 'nothing-yet', 'data-key': 'empty' }, texts.needsLogin),
  );
};

function panel(state: State, actions: Actions): HTMLElement {
  const texts = TEXTS[state.language].premium;
  const { premium, language } = state;
  const { tokenUntil, recordUntil, isPremium } = premium;
  const marks = marksOf(premium);
  const behind =
    recordUntil !== 'unreadable' &&
    recordUntil !== tokenUntil &&
    (marks.token === 'met' || marks.record === 'met');
  return h(
    'div',
    { class: 'premium-panel', 'data-key': 'panel' },
    shop(state, actions),
    h(
      'div',
      { class: 'premium-by-hand' },
      h('h3', {}, texts.byHand),
      h(
        'div',
        { class: 'premium-bar' },
        ...STEPS.map((step) => pressButton(step, 'premium-steps-busy', state, actions)),
      ),
      busyNote('premium-steps-busy', state),
    ),
    h(
      'dl',
      { class: 'premium-account' },
      ...untilLine('record', texts.onRecord, recordUntil, premium, language),
      ...untilLine('token', texts.inToken, tokenUntil, premium, language),
      h('dt', {}, h('code', {}, 'firebase.isPremium()')),
      h(
        'dd',
        { class: isPremium ? 'is-premium' : '', id: 'is-premium' },
        h('code', {}, premium.at === 0 ? '…' : String(isPremium)),
      ),
    ),
    h(
      'div',
      { class: 'gates' },
      ...GATE_IDS.map((id) => gate(id, premium.gates[id], marks, language)),
    ),
    h(
      'div',
      { class: 'premium-refresh' },
      h(
        'div',
        {},
        pressButton('refresh', 'premium-refresh-busy', state, actions),
        busyNote('premium-refresh-busy', state),
      ),
      h(
        'div',
        {},
        h('p', { class: 'premium-behind', role: 'status' }, behind && texts.behind),
        h('p', { class: 'premium-why' }, texts.whyRefresh),
      ),
    ),
    premiumTimeline(premium.events, language),
  );
}

/** @param whyNot Id of the note that says why the button is greyed out. */
function pressButton(
  press: PremiumPress,
  whyNot: string,
  state: State,
  actions: Actions,
): HTMLElement {
  const { presses, pressing } = TEXTS[state.language].premium;
  return h(
    'button',
    {
      type: 'button',
      id: `premium-${press}`,
      class: 'secondary',
      'aria-disabled': String(state.busyWith !== 'nothing'),
      'aria-describedby': whyNot,
      onclick: () => {
        actions.pressPremium(press);
      },
    },
    state.busyWith === press ? pressing : presses[press],
  );
}

/** One of the facts of a look. */
function untilLine(
  id: Condition,
  name: string,
  until: Facts['recordUntil'],
  facts: Facts,
  language: Language,
): readonly HTMLElement[] {
  const isPremium = marksOf(facts)[id] === 'met';
  const value =
    facts.at === 0 ? '…' : untilText(until, facts.at, TEXTS[language].premium, language);
  return [
    h('dt', {}, name),
    h('dd', { class: isPremium ? 'is-premium' : '', 'data-until': id }, value),
  ];
}

/** @param until,now epoch ms */
function untilText(
  until: Facts['recordUntil'],
  now: number,
  texts: Texts['premium'],
  language: Language,
): string {
  if (until === 'unreadable') return texts.verdicts.unreadable;
  if (until === undefined) return texts.notPremium;
  const time = dayAndTime(until, language);
  return until > now
    ? texts.premiumUntil(time, amountOf(until - now, language))
    : texts.ended(time);
}
