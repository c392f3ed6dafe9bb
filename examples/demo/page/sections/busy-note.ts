import { h } from '../dom';
import type { State } from '../state';
import { TEXTS } from '../text/languages';

/**
 * Why buttons are greyed out, next to them. They name it in `aria-describedby`.
 *
 * @param id Of the element; one per place.
 */
export function busyNote(id: string, state: State): HTMLElement {
  return h('p', { class: 'busy-note', id }, busyText(state));
}

/** Undefined while nothing runs. */
export function busyText({ busyWith, language }: State): string | undefined {
  const { busy } = TEXTS[language];
  switch (busyWith) {
    case 'nothing':
      return undefined;
    case 'login':
    case 'scenario':
    case 'all-scenarios':
      return busy[busyWith];
    default:
      return busy.premium;
  }
}
