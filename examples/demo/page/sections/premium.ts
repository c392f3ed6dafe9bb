import { h } from '../dom';
import { GATE_IDS, type PremiumPress } from '../premium/story';
import { premiumUntilIn, type OpenSession } from '../session/session';
import type { Actions, Section, State } from '../state';
import { amountOf, dayAndTime } from '../text/duration';
import { TEXTS } from '../text/languages';
import type { Language } from '../language';
import { gate } from './gate';
import { premiumTimeline } from './premium-timeline';

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
        ? panel(state, session, actions)
        : h('p', { class: 'nothing-yet', 'data-key': 'empty' }, texts.needsLogin),
  );
};

function panel(state: State, session: OpenSession, actions: Actions): HTMLElement {
  const texts = TEXTS[state.language].premium;
  const { recordUntil, seenAt } = state.premium;
  const inToken = premiumUntilIn(session);
  const holds = {
    token: inToken !== undefined && inToken > seenAt,
    record: recordUntil !== undefined && recordUntil > seenAt,
  };
  const behind = recordUntil !== inToken && (holds.token || holds.record);
  const button = (press: PremiumPress) => pressButton(press, state, actions);
  return h(
    'div',
    { class: 'premium-panel', 'data-key': 'panel' },
    h('div', { class: 'premium-bar' }, ...STEPS.map(button)),
    h(
      'dl',
      { class: 'premium-account' },
      ...untilLine('record', texts.onRecord, recordUntil, seenAt, state.language),
      ...untilLine('token', texts.inToken, inToken, seenAt, state.language),
      h('dt', {}, h('code', {}, 'firebase.isPremium()')),
      h(
        'dd',
        { class: session.isPremium ? 'is-premium' : '', id: 'is-premium' },
        h('code', {}, String(session.isPremium)),
      ),
    ),
    h(
      'div',
      { class: 'gates' },
      ...GATE_IDS.map((id) => gate(id, state.premium.gates[id], holds, state.language)),
    ),
    h(
      'div',
      { class: 'premium-refresh' },
      button('refresh'),
      h(
        'div',
        {},
        h('p', { class: 'premium-behind', role: 'status' }, behind && texts.behind),
        h('p', { class: 'premium-why' }, texts.whyRefresh),
      ),
    ),
    premiumTimeline(state.premium.events, state.language),
  );
}

function pressButton(press: PremiumPress, state: State, actions: Actions): HTMLElement {
  const { presses, pressing } = TEXTS[state.language].premium;
  return h(
    'button',
    {
      type: 'button',
      id: `premium-${press}`,
      class: 'secondary',
      'aria-disabled': String(state.busyWith !== 'nothing'),
      onclick: () => {
        actions.pressPremium(press);
      },
    },
    state.busyWith === press ? pressing : presses[press],
  );
}

/** @param until,now epoch ms; `now` is 0 before the first look */
function untilLine(
  id: string,
  name: string,
  until: number | undefined,
  now: number,
  language: Language,
): readonly HTMLElement[] {
  const texts = TEXTS[language].premium;
  const premiumNow = until !== undefined && until > now;
  const value =
    until === undefined
      ? texts.notPremium
      : premiumNow
        ? texts.premiumUntil(dayAndTime(until, language), amountOf(until - now, language))
        : texts.ended(dayAndTime(until, language));
  return [
    h('dt', {}, name),
    h('dd', { class: premiumNow ? 'is-premium' : '', 'data-until': id }, now === 0 ? '…' : value),
  ];
}
