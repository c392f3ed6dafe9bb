import { h, svg } from '../dom';
import { GATE_PATHS } from '../premium/content';
import type { Condition, GateId, GateReading, Mark } from '../premium/story';
import { TEXTS } from '../text/languages';
import type { Language } from '../language';

const CONDITIONS = {
  claims: ['token'],
  record: ['token', 'record'],
} as const satisfies Record<GateId, readonly Condition[]>;

/**
 * A gate: its conditions, the result of the last read, and the content. The decision is the
 * emulator's: where it disagrees with a condition, as after a change of the rules, the page cannot
 * tell whether that condition still counts.
 */
export function gate(
  id: GateId,
  reading: GateReading,
  marks: Readonly<Record<Condition, Mark>>,
  language: Language,
): HTMLElement {
  const texts = TEXTS[language].premium;
  const markOf = (condition: Condition) =>
    reading.state === 'open' && marks[condition] === 'unmet' ? 'unknown' : marks[condition];
  return h(
    'article',
    { class: `gate is-${reading.state}`, 'data-gate': id, 'aria-labelledby': `gate-${id}` },
    h(
      'header',
      {},
      h(
        'div',
        {},
        h('h3', { id: `gate-${id}` }, texts.gates[id]),
        h('code', { class: 'gate-path' }, GATE_PATHS[id]),
      ),
      barrier(),
    ),
    h('p', { class: 'gate-verdict', role: 'status' }, texts.verdicts[reading.state]),
    h(
      'ul',
      { class: 'gate-conditions' },
      ...CONDITIONS[id].map((condition) =>
        h(
          'li',
          { class: `is-${markOf(condition)}` },
          h('code', {}, texts.conditions[condition]),
          h('span', { class: 'visually-hidden' }, ' ', texts.marks[markOf(condition)]),
        ),
      ),
    ),
    h('p', { class: 'gate-content', lang: language }, behind(reading, language)),
  );
}

function behind(reading: GateReading, language: Language): string {
  switch (reading.state) {
    case 'open':
      return reading.text[language];
    case 'closed':
      return 'permission-denied';
    case 'unreadable':
      return reading.detail;
    case 'unread':
      return '…';
  }
}

/** The barrier of a toll bridge; gate.css lifts its arm. */
function barrier(): SVGElement {
  return svg(
    'svg',
    { class: 'barrier', viewBox: '0 0 112 96', 'aria-hidden': 'true' },
    svg('path', { class: 'barrier-road', d: 'M2 92 H110' }),
    svg(
      'g',
      { class: 'barrier-arm' },
      svg('path', { class: 'barrier-beam', d: 'M20 66 H104' }),
      svg('path', { class: 'barrier-stripes', d: 'M36 66 H104' }),
    ),
    svg('path', { class: 'barrier-post', d: 'M20 90 V62' }),
  );
}
