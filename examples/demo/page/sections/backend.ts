import { h } from '../dom';
import type { Actions, State } from '../state';
import { TEXTS } from '../text/languages';

/** A button that asks the developer's own backend who the user is, and the answer. */
export function backend({ language, backend: reply }: State, actions: Actions): HTMLElement {
  const texts = TEXTS[language].backend;
  return h(
    'div',
    { class: 'backend' },
    h(
      'div',
      {},
      h('h3', {}, texts.heading),
      h('p', { class: 'hint' }, texts.lead),
      h(
        'button',
        {
          type: 'button',
          id: 'ask-backend',
          class: 'secondary',
          'aria-disabled': String(reply?.state === 'asking'),
          onclick: actions.askBackend,
        },
        reply?.state === 'asking' ? texts.asking : texts.ask,
      ),
    ),
    h(
      'p',
      { id: 'backend-reply', class: `is-${reply?.state ?? 'empty'}`, role: 'status' },
      reply?.state === 'answered' && texts.sees,
      reply?.state === 'answered' && h('code', {}, reply.uid),
      reply?.state === 'failed' && reply.detail,
    ),
  );
}
