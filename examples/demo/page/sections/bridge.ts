import { svg } from '../dom';
import type { Run } from '../login/recorder';

const WIDTH = 1440;
const HEIGHT = 300;
const TOWERS = [905, 1169] as const;
const TOWER_TOP = 24;
const CABLES = 9;
/** Distance between two cables along the deck. */
const SPACING = 14;

/**
 * A drawing of a cable-stayed bridge, like those over the Mekong. Tiki's bank is blue, Firebase's
 * amber; the user crosses it step by step.
 */
export function bridge(run: Run | undefined): SVGElement {
  const start = { offset: '0.52', class: 'bank-tiki' };
  const end = { offset: '0.9', class: 'bank-firebase' };
  // In user space units, because a straight line has no bounding box for a gradient.
  const span = { gradientUnits: 'userSpaceOnUse', x1: 0, x2: WIDTH, y1: 0, y2: 0 };
  return svg(
    'svg',
    {
      class: 'bridge',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'xMaxYMax slice',
      'aria-hidden': 'true',
    },
    svg(
      'defs',
      {},
      svg('linearGradient', { id: 'bank-to-bank', ...span }, svg('stop', start), svg('stop', end)),
    ),
    ...TOWERS.flatMap(tower),
    svg('path', {
      class: 'bridge-deck',
      d: deck(),
    }),
    run && traveller(run),
  );
}

/** Longer than the drawing, so that it spans any screen. */
function deck(): string {
  const [from, to] = [-WIDTH, 2 * WIDTH];
  // The control point for a quadratic Bézier curve equal to the parabola.
  const control = 2 * deckAt((from + to) / 2) - (deckAt(from) + deckAt(to)) / 2;
  return `M${from} ${deckAt(from)} Q${(from + to) / 2} ${control} ${to} ${deckAt(to)}`;
}

function tower(x: number): readonly SVGElement[] {
  const foot = HEIGHT - 6;
  const cables = Array.from({ length: CABLES }, (_, index) => {
    const reach = (index + 1) * SPACING;
    const height = TOWER_TOP + 10 + (CABLES - index) * 7;
    return `M${x - reach} ${deckAt(x - reach)} L${x} ${height} L${x + reach} ${deckAt(x + reach)}`;
  });
  return [
    svg('path', {
      class: 'bridge-tower',
      d: `M${x - 12} ${foot} L${x} ${TOWER_TOP} L${x + 12} ${foot}`,
    }),
    svg('path', { class: 'bridge-cable', d: cables.join(' ') }),
  ];
}

/** Height of the deck, a flat parabola. Cables and the user are placed on it. */
function deckAt(x: number): number {
  const t = x / WIDTH;
  return HEIGHT - 30 - 40 * t * (1 - t);
}

function traveller({ steps, state }: Run): SVGElement {
  const taken = steps.filter((step) => step.state === 'done').length / steps.length;
  const x = TOWERS[0] - 150 + taken * (TOWERS[1] - TOWERS[0] + 300);
  return svg('circle', { class: `traveller is-${state}`, cx: x, cy: deckAt(x), r: 9 });
}
