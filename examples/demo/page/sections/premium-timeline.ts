import { h } from '../dom';
import type { PremiumEvent } from '../premium/story';
import { duration } from '../text/duration';
import { TEXTS } from '../text/languages';
import type { Language } from '../language';
import type { Texts } from '../text/texts';

/** Presses and changes of the gates, newest first. */
export function premiumTimeline(events: readonly PremiumEvent[], language: Language): HTMLElement {
  const texts = TEXTS[language].premium;
  return h(
    'div',
    { class: 'premium-timeline' },
    h('h3', {}, texts.timeline),
    h('p', { class: 'hint' }, events.length === 0 ? texts.nothingYet : texts.timelineHint),
    h(
      'ol',
      {},
      ...events.map((event) => {
        const isPress = event.kind === 'press' || event.kind === 'failure';
        const time = duration(event.ms, language);
        return h(
          'li',
          { class: `event-${event.kind}`, 'data-key': event.id },
          h('span', { class: 'event-time' }, isPress ? time : `+${time}`),
          h('span', {}, eventText(event, texts)),
        );
      }),
    ),
  );
}

function eventText(event: PremiumEvent, texts: Texts['premium']): string {
  switch (event.kind) {
    case 'press':
      return texts.pressed[event.press];
    case 'failure':
      return texts.pressFailed(texts.presses[event.press], event.detail);
    default:
      return texts.gateEvents[event.kind](texts.gates[event.gate]);
  }
}
