import { h } from '../dom';
import type { Actions, State } from '../state';
import { TEXTS } from '../text/languages';

/** The signed-in user, and how the session is stored. */
export function sessionNote(
  { session, busyWith, language, config }: State,
  actions: Actions,
): HTMLElement {
  const texts = TEXTS[language].session;
  if (session.state === 'in') {
    return h(
      'div',
      { class: 'session-note', 'data-session': 'in' },
      h('p', { role: 'status' }, texts.here(session.user.customer.name)),
      h('p', { class: 'hint' }, texts.kept),
      // The one-time codes are in Firestore.
      config.webOrigin !== undefined &&
        (config.firestore.available
          ? h(
              'button',
              { type: 'button', id: 'open-web', class: 'secondary', onclick: actions.openWeb },
              texts.openWeb,
            )
          : h('p', { id: 'no-web', class: 'hint' }, texts.webNeedsFirestore)),
      h(
        'button',
        {
          type: 'button',
          id: 'log-out',
          class: 'quiet',
          'aria-disabled': String(busyWith !== 'nothing'),
          'aria-describedby': 'log-in-blocked',
          onclick: actions.logOut,
        },
        texts.logOut,
      ),
    );
  }
  const { code, message } = session;
  if (code === 'not-signed-in') {
    return h(
      'div',
      { class: 'session-note', 'data-session': code },
      h('p', { role: 'status' }, texts.nobody),
    );
  }
  const why = code === 'user-changed' || code === 'user-unknown' ? texts.why[code] : undefined;
  return h(
    'div',
    { class: 'session-note', 'data-session': code },
    h('p', { role: 'status' }, h('code', {}, code), ' ', message),
    why !== undefined && h('p', { class: 'hint' }, why),
  );
}
