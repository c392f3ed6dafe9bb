import { h } from '../dom';
import type { PhoneNotification, PhoneState } from '../phone/screen';
import type { OpenSession } from '../session/session';
import type { Actions, Section } from '../state';
import { TEXTS } from '../text/languages';
import type { Texts } from '../text/texts';

/** The user's phone, which shows the notifications that FCM has delivered to it. */
export const notifications: Section = (state, actions) => {
  const texts = TEXTS[state.language].notifications;
  const { config, session, phone } = state;
  const { firestore, fcmOrigin } = config;
  return h(
    'div',
    { class: 'page-width notifications' },
    h('h2', { id: 'notifications-heading' }, texts.heading),
    h('p', { class: 'section-lead' }, texts.lead),
    !firestore.available || fcmOrigin === undefined
      ? h(
          'p',
          { class: 'nothing-yet', 'data-key': 'missing' },
          texts.needsFirestore(firestore.available ? '' : firestore.reason),
        )
      : session.state === 'in'
        ? h(
            'div',
            { class: 'phone-and-how', 'data-key': 'phone' },
            how(session, phone, texts, actions),
            screen(phone, texts),
          )
        : h('p', { class: 'nothing-yet', 'data-key': 'empty' }, texts.needsLogin),
  );
};

function how(
  { user: { uid } }: OpenSession,
  { state, failure }: PhoneState,
  texts: Texts['notifications'],
  actions: Actions,
): HTMLElement {
  return h(
    'ol',
    { class: 'phone-how' },
    h(
      'li',
      {},
      h('p', {}, texts.first, ' ', h('code', {}, `users/${uid}/devices/0`)),
      h(
        'button',
        {
          type: 'button',
          id: 'register-phone',
          class: 'secondary',
          'aria-disabled': String(state === 'registering'),
          onclick: actions.registerPhone,
        },
        state === 'registering' ? texts.registering : texts.register,
      ),
      h(
        'p',
        { class: `phone-state is-${state}`, role: 'status' },
        state === 'registered' && texts.registered,
        state === 'failed' && failure,
      ),
    ),
    h(
      'li',
      {},
      h('p', {}, texts.second),
      h(
        'code',
        { class: 'command' },
        `npm run bridge -- push send ${uid} `,
        h('span', {}, `--title '${texts.exampleTitle}'`),
        ' ',
        h('span', {}, `--body '${texts.exampleBody}'`),
      ),
      h('p', { class: 'hint' }, texts.orPremium),
    ),
  );
}

/** Newest on top. */
function screen({ shown }: PhoneState, texts: Texts['notifications']): HTMLElement {
  return h(
    'div',
    { class: 'phone', role: 'log', 'aria-label': texts.phone },
    shown.length === 0
      ? h('p', { class: 'hint', 'data-key': 'none' }, texts.none)
      : h(
          'ul',
          { 'data-key': 'some' },
          ...[...shown].reverse().map((notification) => card(notification, texts)),
        ),
  );
}

function card({ title, body, path, tag }: PhoneNotification, texts: Texts['notifications']) {
  return h(
    'li',
    { 'data-key': tag },
    h('strong', {}, title),
    h('p', {}, body),
    h('p', { class: 'hint' }, texts.opens, ' ', h('code', {}, path)),
  );
}
