import { h, svg } from '../dom';
import type { Run } from '../login/recorder';
import { LANES, type Lane } from '../login/trace';
import { duration } from '../text/duration';
import { TEXTS } from '../text/languages';
import type { Language } from '../language';

/** The time of a login by party: each answer counts for the party that gave it. */
function sharesOf({ steps }: Run): readonly (readonly [Lane, ms: number])[] {
  const owners: Readonly<Record<string, Lane>> = {
    'code-given': 'tiki',
    'tiki-answered': 'tiki',
    'me-answered': 'tiki',
    'token-minted': 'bridge',
    'signed-in': 'firebase',
  };
  return LANES.map((lane) => {
    const own = steps.filter(({ id }) => owners[id] === lane);
    return [lane, own.reduce((sum, { ms = 0 }) => sum + ms, 0)] as const;
  }).filter(([, ms]) => ms > 0);
}

/** Where the time was spent, as a bar. */
export function timeShares(run: Run, language: Language): HTMLElement {
  const { lanes } = TEXTS[language].sequence;
  const shares = sharesOf(run);
  const total = shares.reduce((sum, [, ms]) => sum + ms, 0);
  let x = 0;
  const bars = shares.map(([lane, ms]) => {
    const width = (ms / total) * 100;
    const bar = svg('rect', { class: `share-${lane}`, x, width, y: 0, height: 1 });
    x += width;
    return bar;
  });
  return h(
    'div',
    { class: 'shares' },
    svg(
      'svg',
      { viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      ...bars,
    ),
    h(
      'ul',
      {},
      ...shares.map(([lane, ms]) =>
        h(
          'li',
          { class: `share-${lane}` },
          lanes[lane].name,
          ' ',
          h('b', {}, duration(ms, language)),
        ),
      ),
    ),
  );
}
