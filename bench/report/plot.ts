import type { Result } from '../results';
import { type Goal, shareOfGoal } from '../row';
import type { Spread } from '../statistics';
import { shown, shownGoal } from './table';

const WIDTH = 930;
const LINE = 34;
const TOP = 64;
const LEFT = 330;
/** Pixels from zero to the goal; bars are clipped at twice the goal. */
const GOAL = 190;
const CUT = 2;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .met { fill: #2da44e } .missed { fill: #cf222e } .goal { stroke: #59636e; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .small { fill: #9198a1 } }`;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

interface Bar {
  readonly name: string;
  readonly unit: string;
  readonly goal: Goal;
  readonly measured: Spread;
}

function barsOf(results: readonly Result[]): readonly Bar[] {
  return results.flatMap((result) =>
    result.goal && 'measured' in result ? [{ ...result, goal: result.goal }] : [],
  );
}

function draw({ name, unit, goal, measured }: Bar, index: number): string {
  const { median, min, max } = measured;
  const y = TOP + index * LINE;
  const used = shareOfGoal(goal, median);
  const width = (Math.min(used, CUT) * GOAL).toFixed(1);
  const right = LEFT + CUT * GOAL + 10;
  const figures = `${shown(median)} (${shownGoal(goal)}), ${shown(min)} – ${shown(max)}`;
  return [
    `<text x="${LEFT - 10}" y="${y + 9}" text-anchor="end">${escaped(name)}</text>`,
    `<text x="${LEFT - 10}" y="${y + 23}" text-anchor="end" class="small">${escaped(unit)}</text>`,
    `<rect x="${LEFT}" y="${y}" width="${width}" height="18" rx="2" class="${used <= 1 ? 'met' : 'missed'}"/>`,
    `<text x="${right}" y="${y + 13}" class="small">${escaped(figures)}</text>`,
  ].join('\n');
}

/** The rows that have a goal, as bars: each shows how much of its goal is used. */
export function plot(results: readonly Result[], caption: string): string {
  const bars = barsOf(results);
  const height = TOP + bars.length * LINE + 16;
  const goal = LEFT + GOAL;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Benchmark: share used of each goal">
<style>${STYLE}
</style>
<text x="16" y="24" font-weight="600">Share used of each goal; shorter is better</text>
<text x="16" y="42" class="small">${escaped(caption)}</text>
${bars.map(draw).join('\n')}
<line x1="${goal}" y1="${TOP - 8}" x2="${goal}" y2="${height - 12}" class="goal"/>
<text x="${goal}" y="${TOP - 12}" text-anchor="middle" class="small">goal</text>
</svg>
`;
}
