import { h } from '../dom';
import type { Failure } from '../login/trace';
import { adviceFor } from '../text/texts';
import { TEXTS } from '../text/languages';
import type { Language } from '../language';

/** What went wrong and what to do about it, for the failed step in the diagram. */
export function failureNote(failure: Failure, language: Language): HTMLElement {
  const texts = TEXTS[language];
  return h(
    'li',
    { class: 'failure-note' },
    h('p', { class: 'failure-code' }, h('code', {}, failure.code)),
    h('p', {}, failure.detail),
    h('p', {}, h('b', {}, texts.sequence.whatToDo), ' ', adviceFor(failure.code, texts)),
    failure.requestId !== undefined &&
      h(
        'p',
        { class: 'request-id' },
        texts.sequence.requestId,
        ' ',
        h('code', {}, failure.requestId),
      ),
  );
}
